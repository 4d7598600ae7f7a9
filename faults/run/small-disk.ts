import { execFile } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface SmallDisk {
  readonly folder: string;
  /** Takes all that is left now; what is given back meanwhile is there until the next call. */
  fill(): void;
  free(): void;
  unmount(): Promise<void>;
}

/** A disk in memory for a run that fills it. Fails loudly where mounting is not permitted. */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk> {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-disk-'));
  const options = `size=${String(megabytes)}m,mode=755`;
  await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: () => {
      for (const size of [1 << 20, 1 << 12]) appendUntilFull(filler, Buffer.alloc(size));
    },
    free: () => {
      truncateSync(filler, 0);
    },
    unmount: async () => {
      await run('umount', ['--lazy', folder]);
      rmdirSync(folder);
    },
  };
}

function appendUntilFull(path: string, block: Buffer): void {
  const file = openSync(path, 'a');
  try {
    for (;;) if (writeSync(file, block) < block.length) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}
