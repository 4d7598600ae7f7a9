import type { Row, Table } from './row.js';

const columns = ['customer_id', 'date', 'quantity', 'amount'];

/**
 * The CDNOW files of Fader and Hardie: columns by white space, no delimiter. The master file has customer, date,
 * number of CDs, dollars; the sample puts its own customer number between the first two. We keep the master's
 * number in both, so that the sample is a part of the master file and importing both counts nothing twice.
 */
export function cdnowTable(text: AsyncIterable<string>): Table {
  return { columns, rows: rowsOf(text) };
}

async function* rowsOf(text: AsyncIterable<string>): AsyncGenerator<Row> {
  let line = 0;
  for await (const content of linesOf(text)) {
    line += 1;
    const cells = content.trim().split(/\s+/);
    const isHeader = line === 1 && !/^\d/.test(cells[0] ?? '');
    if (content.trim() === '' || isHeader) continue;
    yield toRow(line, cells);
  }
}

function toRow(line: number, cells: string[]): Row {
  if (cells.length === 5) return { line, cells: cells.filter((_, index) => index !== 1) };
  if (cells.length === 4) return { line, cells };
  return { line, cells, problem: 'wrong-number-of-cells' };
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + piece).split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}
