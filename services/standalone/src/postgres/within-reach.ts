import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The topmost folder on the way to `path` that another user may not enter; undefined when all of them let him pass. */
export async function closedFolderAbove(path: string): Promise<string | undefined> {
  const above: string[] = [];
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    above.unshift(folder);
  }
  for (const folder of above) {
    const { mode } = await stat(folder);
    if ((mode & 0o001) === 0) return folder;
  }
  return undefined;
}
