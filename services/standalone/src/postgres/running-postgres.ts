import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPostmaster } from './postmaster.js';

/** Where a data folder keeps its server. */
export const serverPaths = (folder: string) => ({
  databaseFolder: join(folder, 'postgres'),
  passwordFile: join(folder, 'postgres-password'),
});

/** The address of the embedded Postgres that runs on a data folder; undefined where none does. */
export async function runningPostgresUrl(folder: string): Promise<string | undefined> {
  const { databaseFolder, passwordFile } = serverPaths(folder);
  const standing = await readPostmaster(databaseFolder);
  return standing?.alive === true ? postgresUrl(passwordFile, standing.port) : undefined;
}

export async function postgresUrl(passwordFile: string, port: number): Promise<string> {
  const password = (await readFile(passwordFile, 'utf8')).trim();
  return `postgres://postgres:${password}@127.0.0.1:${String(port)}/postgres`;
}
