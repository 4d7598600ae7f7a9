import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCdnow } from '../histories/read-cdnow.js';
import type { Histories } from '../histories/histories.js';

const folder =
  process.env['REGULARS_TEST_DATA'] ??
  join(import.meta.dirname, '../../../../../shared/data/cdnow');

export const hasCdnow = existsSync(join(folder, 'CDNOW_master.txt'));
if (!hasCdnow) {
  console.warn(
    'The CDNOW data is not here: get CDNOW_master.txt and CDNOW_sample.txt from brucehardie.com/datasets and name their folder in REGULARS_TEST_DATA.',
  );
}

export async function cdnow(file: 'master' | 'sample'): Promise<Histories> {
  const text = createReadStream(join(folder, `CDNOW_${file}.txt`)).setEncoding('utf8');
  return (await readCdnow(text as AsyncIterable<string>)).table.histories();
}
