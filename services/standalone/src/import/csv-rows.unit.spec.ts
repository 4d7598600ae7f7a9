import { describe, expect, it } from '@jest/globals';
import { csvTable } from './csv-rows.js';
import type { Row } from './row.js';

async function* pieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function read(text: string, size = 7): Promise<{ columns: readonly string[]; rows: Row[] }> {
  const table = await csvTable(pieces(text, size));
  return { columns: table.columns, rows: await Array.fromAsync(table.rows) };
}

describe('csvTable', () => {
  it.each([',', ';', '\t', '|'])('finds the delimiter %j by the header', async (delimiter) => {
    const { columns, rows } = await read([`a${delimiter}b`, `1${delimiter}"2,;\t|"`].join('\n'));

    expect(columns).toEqual(['a', 'b']);
    expect(rows).toEqual([{ line: 2, cells: ['1', '2,;\t|'] }]);
  });

  it('does not care how the text is cut', async () => {
    const text = 'a,b\r\n1,"two\nlines"\r\n\r\n3,"say ""hi"""\r\n';
    const whole = await read(text, 1_000);

    expect(whole.rows.map(({ cells }) => cells)).toEqual([
      ['1', 'two\nlines'],
      ['3', 'say "hi"'],
    ]);
    expect(whole.rows.map(({ line }) => line)).toEqual([3, 5]);
    expect(await read(text, 1)).toEqual(whole);
  });

  it('marks rows with too many or too few cells and goes on', async () => {
    const { rows } = await read('a,b\n1\n1,2,3\n1,2\n');

    expect(rows.map(({ problem }) => problem)).toEqual([
      'wrong-number-of-cells',
      'wrong-number-of-cells',
      undefined,
    ]);
  });

  it('takes a single column and no row at all', async () => {
    expect(await read('a')).toEqual({ columns: ['a'], rows: [] });
  });

  it('takes the guard off cells that would be formulas', async () => {
    const { rows } = await read(`a,b\n'=1+1,'tis\n`);

    expect(rows[0]?.cells).toEqual(['=1+1', "'tis"]);
  });

  it.each([
    ['', 'The file is empty.'],
    ['a,'.repeat(1_000_000), 'cannot be read'],
    [`${'a,'.repeat(600)}a`, 'more than 500 columns'],
    ['a,b\n1,2\n\n1,"never closed\n3,4\n', 'the quote that opens in line 4 is never closed'],
  ])('refuses %.20j in one line', async (text, message) => {
    await expect(read(text, 65_536)).rejects.toThrow(message);
  });

  it('hands on what goes wrong with the file', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield 'a,b\n1,2\n';
      throw new Error('The disk is gone.');
    }
    const readAll = async (): Promise<Row[]> => {
      const table = await csvTable(broken());
      return Array.fromAsync(table.rows);
    };

    await expect(readAll()).rejects.toThrow('The disk is gone.');
  });
});
