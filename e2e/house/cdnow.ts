import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const folder =
  process.env['REGULARS_TEST_DATA'] ?? join(import.meta.dirname, '../../../shared/data/cdnow');

export const cdnowSample = join(folder, 'CDNOW_sample.txt');
export const hasCdnow = existsSync(cdnowSample);
export const whereCdnowIs =
  'The CDNOW data is not here: get CDNOW_sample.txt from brucehardie.com/datasets and name its folder in REGULARS_TEST_DATA.\n';

export interface CdnowFacts {
  readonly rows: number;
  readonly customers: number;
  readonly purchaseDays: number;
  readonly totalMinor: number;
  /** External ids, as the import gives them. */
  readonly ids: readonly string[];
}

/** Counted from the file itself, by other code than the import's. */
export async function cdnowFacts(): Promise<CdnowFacts> {
  const lines = (await readFile(cdnowSample, 'utf8')).split('\n').filter((line) => line.trim());
  const rows = lines.map((line) => line.trim().split(/\s+/));
  const ids = new Set(rows.map(([id]) => id ?? ''));
  const days = new Set(rows.map(([id, , day]) => `${id ?? ''} ${day ?? ''}`));
  // Cents as digits: no floating point comes near the money.
  const cents = rows.map((row) => Number((row[4] ?? '').replace('.', '')));
  return {
    rows: rows.length,
    customers: ids.size,
    purchaseDays: days.size,
    totalMinor: cents.reduce((sum, value) => sum + value, 0),
    ids: [...ids].sort(),
  };
}
