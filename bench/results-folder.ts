import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LimitedResult, Result } from './result.ts';

/** Every result that was ever written down. */
export function readResults(folder: string): (Result | LimitedResult)[] {
  return globSync('*.json', { cwd: folder }).flatMap(
    (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as (Result | LimitedResult)[],
  );
}
