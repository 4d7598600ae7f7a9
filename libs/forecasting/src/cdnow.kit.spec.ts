import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseDay, readCdnow, type Histories } from './histories/index.js';

const folder =
  process.env['REGULARS_TEST_DATA'] ?? join(import.meta.dirname, '../../../../shared/data/cdnow');

/** Whether the CDNOW files are here: they may be read, and not passed on with the project. */
export const cdnowFound = existsSync(join(folder, 'CDNOW_master.txt'));
if (!cdnowFound) {
  console.warn(
    'The CDNOW data is not here: get CDNOW_master.txt and CDNOW_sample.txt from brucehardie.com/datasets and name their folder in REGULARS_TEST_DATA.',
  );
}

export async function cdnow(part: 'sample' | 'master'): Promise<Histories> {
  const text = createReadStream(join(folder, `CDNOW_${part}.txt`), 'utf8');
  const { table } = await readCdnow(text);
  return table.histories();
}

export function dayOf(date: string): number {
  return parseDay(date) ?? Number.NaN;
}

/** End of the calibration period; 39 weeks before the data end. */
export const calibrationEnd = dayOf('1997-09-30');
