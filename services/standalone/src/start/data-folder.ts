import { access, constants, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { RegularsError } from '@regulars/kernel';

/** The folder that standalone keeps everything in: database, keys. Made when missing. */
export async function openDataFolder(path: string): Promise<string> {
  const folder = resolve(path);
  try {
    // Only the folder itself is private: Postgres, as another user, must be able to pass those above.
    await mkdir(dirname(folder), { recursive: true });
    await makeOne(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return folder;
  } catch (cause) {
    throw new RegularsError(
      'data-folder',
      `The data folder ${folder} cannot be written. Make it yours, or choose another with --data.`,
      { cause },
    );
  }
}

/** Not `recursive`, with which Node tries for ever where the system refuses new folders (/proc). */
async function makeOne(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
