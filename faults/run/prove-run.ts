import { expect, it, jest } from '@jest/globals';
import { faultRun, type RunOptions, type Scene } from './fault-run.ts';
import { runSeed } from './seed.ts';

/** A run of the fault matrix as a test. Prints its line of counts, red or green. */
export function proveRun<S extends Scene>(promise: string, options: RunOptions<S>): void {
  jest.setTimeout(2_700_000);
  it(`${options.name}: ${promise}`, async () => {
    const { green, report } = await faultRun(options, runSeed());
    process.stderr.write(`${report}\n`);
    expect({ green, report }).toEqual({ green: true, report });
  });
}
