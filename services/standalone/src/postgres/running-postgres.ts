import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readPostmaster, type Postmaster } from './postmaster.js';

/** Where a data folder keeps its server. */
export const serverPaths = (folder: string) => ({
  databaseFolder: join(folder, 'postgres'),
  passwordFile: join(folder, 'postgres-password'),
});

/** The address of the embedded Postgres that runs on a data folder; undefined where none does. */
export async function runningPostgresUrl(folder: string): Promise<string | undefined> {
  const { databaseFolder } = serverPaths(folder);
  const standing = await readPostmaster(databaseFolder);
  return standing?.alive === true ? postgresUrl(folder, standing) : undefined;
}

/** Bytes that the address of a socket holds, on the system that holds least (macOS). */
const LONGEST_ADDRESS = 103;

/** By its socket where there is one, which costs either side a tenth less of its time than a port does. */
export async function postgresUrl(
  folder: string,
  { port, socket }: Pick<Postmaster, 'port' | 'socket'>,
): Promise<string> {
  const { databaseFolder, passwordFile } = serverPaths(folder);
  const password = (await readFile(passwordFile, 'utf8')).trim();
  const url = new URL(`postgres://postgres:${password}@127.0.0.1:${String(port)}/postgres`);
  const address = join(resolve(databaseFolder), `.s.PGSQL.${String(port)}`);
  if (socket && Buffer.byteLength(address) <= LONGEST_ADDRESS) {
    url.searchParams.set('host', dirname(address));
  }
  return url.href;
}
