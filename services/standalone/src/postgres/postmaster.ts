import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder that the server works in: however deep it lies, so short a path fits into the address of a socket. */
export const OWN_FOLDER = '.';

/** What postmaster.pid says of a server on this folder. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly alive: boolean;
  /** Whether it also listens on a socket in its folder. */
  readonly socket: boolean;
}

/** Reads postmaster.pid; undefined when no server was started here, or it was stopped in order. */
export async function readPostmaster(databaseFolder: string): Promise<Postmaster | undefined> {
  let text: string;
  try {
    text = await readFile(join(databaseFolder, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  // Line 1 pid, 2 folder, 3 start time, 4 port, 5 folder of its socket; a server that just begins has not written them all.
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  const alive = Number.isInteger(pid) && pid > 0 && (await isPostgres(pid));
  return { pid, port, alive, socket: lines[4] === OWN_FOLDER };
}

/** A pid alone proves nothing after a restart of the machine: it may be another program's by now. */
async function isPostgres(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  try {
    return (await readFile(`/proc/${String(pid)}/cmdline`, 'utf8')).includes('postgres');
  } catch {
    // No /proc on this system: the pid is all we have.
    return true;
  }
}
