import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cdnowTable } from '../import/cdnow-table.js';
import { ImportSummary } from '../import/import-summary.js';
import { purchaseReader } from '../import/purchase-rows.js';
import { readText } from '../import/read-text.js';

const folder =
  process.env['REGULARS_TEST_DATA'] ??
  join(import.meta.dirname, '../../../../../shared/data/cdnow');
const found = existsSync(join(folder, 'CDNOW_sample.txt'));
if (!found) {
  console.warn(
    'The CDNOW data is not here: get CDNOW_master.txt and CDNOW_sample.txt from brucehardie.com/datasets and name their folder in REGULARS_TEST_DATA.',
  );
}

interface Read {
  readonly rows: number;
  readonly lines: string[];
  readonly orderIds: Set<string | undefined>;
}

async function read(file: string): Promise<Read> {
  const table = cdnowTable((await readText(join(folder, file))).text);
  const reader = purchaseReader(table.columns, {
    source: 'import',
    currency: 'USD',
    dateOrder: 'ymd',
    decimal: 'point',
    map: new Map(),
    productId: 'cd',
  });
  const summary = new ImportSummary();
  const orderIds = new Set<string | undefined>();
  for await (const row of table.rows) {
    const item = reader.read(row);
    if (!item.ok) throw new Error(`Line ${String(row.line)}: ${item.error.reason}`);
    summary.rows += 1;
    summary.accept(item.value, 'readable');
    orderIds.add(item.value.orderId);
  }
  return { rows: summary.rows, lines: summary.lines(), orderIds };
}

(found ? describe : describe.skip)('the CDNOW files', () => {
  it('are read whole, and the sample is a part of the master file', async () => {
    const sample = await read('CDNOW_sample.txt');
    const master = await read('CDNOW_master.txt');

    expect(sample.lines.slice(0, 2)).toEqual(['Rows: 6,919 (6,919 readable)', 'Customers: 2,357']);
    expect(master.lines).toEqual([
      'Rows: 69,659 (69,659 readable)',
      'Customers: 23,570',
      'Total: 2500315.63 USD',
    ]);
    expect(sample.orderIds.size).toBe(6_919);
    expect(master.orderIds.size).toBe(69_659);
    expect(sample.orderIds.isSubsetOf(master.orderIds)).toBe(true);
  });
});
