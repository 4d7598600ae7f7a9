import { describe, expect, it } from '@jest/globals';
import { toEpochDay } from '@regulars/kernel';
import type { Histories } from './histories.js';
import { readPurchases, type PurchasesRead, type ReadOptions } from './read-purchases.js';

async function* pieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

const read = (lines: readonly string[], options?: ReadOptions): Promise<PurchasesRead> =>
  readPurchases(pieces(`${lines.join('\n')}\n`, 7), options);

/** What customers bought, as text: "2020-01-01 3.00" in minor units by epoch day. */
const content = (histories: Histories): Record<string, [number, number][]> =>
  Object.fromEntries(
    histories.ids.map((id, i) => [
      id,
      Array.from(
        histories.days.slice(histories.offsets[i], histories.offsets[i + 1]),
        (day, at): [number, number] => [
          day,
          histories.spend[(histories.offsets[i] ?? 0) + at] ?? 0,
        ],
      ),
    ]),
  );

const DAY = toEpochDay('2020-03-01');

describe('readPurchases', () => {
  it('takes all rows of a customer and day as one purchase, in day order', async () => {
    const { table, report } = await read([
      'customer_id,date,amount',
      'anna,2020-03-05,3',
      'bert,2020-03-01 23:59:59,1.10',
      'anna,2020-03-01T08:00:00+02:00,2.25',
      'anna,2020-03-05,0.50',
    ]);

    expect(content(table.histories())).toEqual({
      anna: [
        [DAY, 225],
        [DAY + 4, 350],
      ],
      bert: [[DAY, 110]],
    });
    expect(report.lines()).toEqual(['Rows: 4 (4 used)']);
  });

  it('counts what it leaves out and says why, and goes on', async () => {
    const { table, report } = await read([
      'customer_id,date,amount',
      'anna,2020-02-30,3',
      'anna,9999-12-31,3',
      ',2020-03-01,3',
      'anna,2020-03-01,-3',
      'anna,2020-03-01,three',
      'anna,2020-03-01',
      '"anna ""A""",2020-03-01,0',
      'anna,2020-03-02,',
    ]);

    expect(report.lines()).toEqual([
      'Rows: 8 (2 used)',
      'Dropped, unreadable date: 2 (first in line 2)',
      'Dropped, no customer: 1 (first in line 4)',
      'Dropped, negative total: 1 (first in line 5)',
      'Dropped, unreadable amount: 1 (first in line 6)',
      'Dropped, malformed row: 1 (first in line 7)',
    ]);
    expect(content(table.histories())).toEqual({ 'anna "A"': [[DAY, 0]], anna: [[DAY + 1, 0]] });
  });

  it('reads one file of 100,000 rows with one malformed', async () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => `c${String(i % 977)},2020-03-01,1.00`);
    rows[50_000] = 'c1,2020-03-01,1.00,';

    const { table, report } = await readPurchases(
      pieces(['customer_id,date,amount', ...rows].join('\r\n'), 65_536),
    );

    expect(report.lines()).toEqual([
      'Rows: 100,000 (99,999 used)',
      'Dropped, malformed row: 1 (first in line 50,002)',
    ]);
    expect(table.histories().size).toBe(977);
  });

  it('reads mapped columns, other delimiters, orders of day and month, and decimal commas', async () => {
    const { table } = await read(['Who;"Order Date";Total', 'anna;01.03.2020;1.234,50'], {
      map: new Map([
        ['customer_id', 'who'],
        ['date', 'order date'],
        ['amount', 'total'],
      ]),
      dateOrder: 'dmy',
      decimal: 'comma',
    });

    expect(content(table.histories())).toEqual({ anna: [[DAY, 123_450]] });
  });

  it('reads days from 1970 to 2070, with and without hyphens, and seconds and milliseconds', async () => {
    const { table } = await read([
      'customer_id,date,amount',
      'a,1970-01-01,1',
      'b,20700101,1',
      'c,1583020800,1',
      'd,1583020800000,1',
      'e,2020/3/1,1',
      'f,2020-03-01 10:15 PM,1',
    ]);

    expect(content(table.histories())).toEqual({
      a: [[0, 100]],
      b: [[toEpochDay('2070-01-01'), 100]],
      c: [[DAY, 100]],
      d: [[DAY, 100]],
      e: [[DAY, 100]],
      f: [[DAY, 100]],
    });
  });

  it('takes the day as written, whatever the clock and its zone say', async () => {
    const times = [
      'T23:30:00+02:00',
      ' 00:10:00 -0500',
      'T23:30:00.123Z',
      ' 23:30 +01',
      'T23:30:00+02:00[Europe/Berlin]',
      'T23:30:00[Europe/Berlin]',
      ' 23:30:00 UTC',
      ' 23:30:00.5 CEST',
      ' 23:30:00 GMT+2',
      'T233000Z',
    ];
    const { table, report } = await read([
      'customer_id,date,amount',
      ...times.map((time, i) => `${String(i)},2020-03-01${time},1`),
      'compact,20200301T233000+0100,1',
    ]);

    expect(report.lines()).toEqual(['Rows: 11 (11 used)']);
    expect([...table.histories().days]).toEqual(new Array(11).fill(DAY));
  });

  it.each(['2020-03-01 soon', '2020-03-01T23:30:00+02:00[', '2020-03-01T2330'])(
    'takes %s for no day',
    async (date) => {
      const { report } = await read(['customer_id,date,amount', `a,${date},1`]);
      expect(report.dropped.get('unreadable date')?.count).toBe(1);
    },
  );

  it('never uses rows after the as-of day', async () => {
    const { table, report } = await read(
      ['customer_id,date,amount', 'a,2020-03-01,1', 'a,2020-03-02,1', 'b,2020-03-02,x'],
      { asOfDay: DAY },
    );

    expect(content(table.histories())).toEqual({ a: [[DAY, 100]] });
    expect(report.lines()).toEqual(['Rows: 3 (1 used)', 'Ignored, after the as-of day: 2']);
  });

  it('gives every category its own histories, where a purchase day counts once', async () => {
    const { table } = await read([
      'customer_id,date,amount,category',
      'a,2020-03-03,1,tea',
      'a,2020-03-01,1,tea',
      'b,2020-03-01,1,tea',
      'a,2020-03-01,2,tea',
      'a,2020-03-01,4,cups',
      'a,2020-03-01,8,',
    ]);

    const byCategory = [...table.categoryHistories()].map(
      ([category, histories]) => [category, content(histories)] as const,
    );

    expect(Object.fromEntries(byCategory)).toEqual({
      tea: {
        a: [
          [DAY, 300],
          [DAY + 2, 100],
        ],
        b: [[DAY, 100]],
      },
      cups: { a: [[DAY, 400]] },
      '': { a: [[DAY, 800]] },
    });
  });

  it.each([
    ['an empty file', [''], 'The file is empty.'],
    ['a missing column', ['customer,date,amount', 'a,2020-03-01,1'], 'no column customer_id'],
    [
      'a quote that never closes',
      ['customer_id,date,amount', 'b,2020-03-01,1', '', '"a,2020-03-01,1', 'b,2020-03-01,1'],
      'the quote that opens in line 4 is never closed',
    ],
    [
      'a quote that does not close for long',
      [
        'customer_id,date,amount',
        '"a,2020-03-01,1',
        ...new Array<string>(20_000).fill('b,2020-03-01,1'),
      ],
      'the row that starts in line 2 has more than 262,144 characters',
    ],
    ['a quote in the header', ['customer_id,"date,amount'], 'opens in line 1'],
  ])('refuses %s with a clear error', async (_, lines, message) => {
    await expect(read(lines)).rejects.toMatchObject({
      code: 'purchase-file',
      message: expect.stringContaining(message),
    });
  });

  it('passes on what the source of the text throws', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield 'customer_id,date,amount\na,2020';
      await Promise.resolve();
      throw new Error('The disk is gone.');
    }

    await expect(readPurchases(broken())).rejects.toThrow('The disk is gone.');
  });
});
