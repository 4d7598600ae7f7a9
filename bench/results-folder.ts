import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from './result.ts';

/** Every result that was ever written down. */
export function readResults(folder: string): Result[] {
  return globSync('*.json', { cwd: folder }).flatMap(
    (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Result[],
  );
}
