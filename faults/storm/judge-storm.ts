import { randomInt } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { expect } from '@jest/globals';
import { checkHistory } from '../checker/check-history.ts';
import { storm, type StormOptions } from './storm.ts';

const folder = new URL('../../.cache/faults/', import.meta.url);

/** `REGULARS_STORM_SEED` repeats a run's chances, `REGULARS_STORM_SECONDS` makes it longer. A red history is kept. */
export async function expectStormWeathered(
  name: string,
  options: Omit<StormOptions, 'seed' | 'seconds'>,
): Promise<void> {
  const seed = Number(process.env['REGULARS_STORM_SEED'] ?? randomInt(1_000_000));
  const history = await storm({ ...options, seed, seconds: stormSeconds() });
  const { green, anomalies, voidBecause, line } = checkHistory(history);
  console.info(`Storm over ${name}, ${line}`);
  if (!green) {
    await mkdir(folder, { recursive: true });
    await writeFile(
      new URL(`storm-${name}-${String(seed)}.json`, folder),
      JSON.stringify(history, undefined, 1),
    );
  }
  expect({ anomalies: anomalies.slice(0, 10), voidBecause }).toEqual({
    anomalies: [],
    voidBecause: [],
  });
}

export function stormSeconds(): number {
  return Number(process.env['REGULARS_STORM_SECONDS'] ?? 12);
}
