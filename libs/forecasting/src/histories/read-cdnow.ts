import { parseAmountMinor } from './parse-amount.js';
import { parseDay } from './parse-day.js';
import { PurchaseTable } from './purchase-table.js';
import { ReadReport } from './read-report.js';
import type { PurchasesRead, ReadOptions } from './read-purchases.js';

/**
 * Reads the CDNOW files of Fader and Hardie: columns by white space. The master file has customer, date, number of CDs and
 * dollars; the sample puts its own customer number between the first two, and the master's number is kept in both.
 */
export async function readCdnow(
  text: AsyncIterable<string>,
  { asOfDay = Infinity, onProgress }: Pick<ReadOptions, 'asOfDay' | 'onProgress'> = {},
): Promise<PurchasesRead> {
  const table = new PurchaseTable();
  const report = new ReadReport();
  let line = 0;
  for await (const content of linesOf(text)) {
    line += 1;
    const cells = content.trim().split(/\s+/);
    const isHeader = line === 1 && !/^\d/.test(cells[0] ?? '');
    if (content.trim() === '' || isHeader) continue;
    report.rows += 1;
    const [customer = '', date = '', , dollars = ''] =
      cells.length === 5 ? cells.filter((_, index) => index !== 1) : cells;
    const day = parseDay(date);
    const amount = parseAmountMinor(dollars);
    if (cells.length !== 4 && cells.length !== 5) report.drop('malformed row', line);
    else if (day === undefined) report.drop('unreadable date', line);
    else if (amount === undefined) report.drop('unreadable amount', line);
    else if (amount < 0) report.drop('negative total', line);
    else if (day > asOfDay) report.afterAsOf += 1;
    else {
      report.kept += 1;
      table.add(customer, day, amount);
    }
    if (line % 10_000 === 0) onProgress?.(report);
  }
  return { table, report };
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
