import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RegularsError } from '@regulars/kernel';
import { readPostmaster } from '../postgres/postmaster.js';

const MARK = 'this-is-a-demo';

/** A fresh folder for the demo. An earlier demo there is thrown away; anything else is left alone. */
export async function freshDemoFolder(folder: string): Promise<void> {
  if (existsSync(folder) && (await readdir(folder)).length > 0) {
    if (!existsSync(join(folder, MARK))) {
      throw new RegularsError(
        'no-demo-folder',
        `${folder} holds data that is no demo's. Choose another folder with --data.`,
      );
    }
    const standing = await readPostmaster(join(folder, 'postgres'));
    if (standing?.alive === true) {
      throw new RegularsError(
        'demo-running',
        `A demo runs on ${folder} (Postgres ${String(standing.pid)}). Stop it first, or choose another folder with --data.`,
      );
    }
    await rm(folder, { recursive: true });
  }
  await mkdir(folder, { recursive: true, mode: 0o711 });
  await writeFile(join(folder, MARK), '');
}
