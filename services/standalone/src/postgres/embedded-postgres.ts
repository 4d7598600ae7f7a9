import { execFile } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { access, chmod, chown, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RegularsError } from '@regulars/kernel';
import { postgresBinaries, type PostgresBinaries } from './binaries.js';
import { OWN_FOLDER, readPostmaster, type Postmaster } from './postmaster.js';
import { postgresUrl, serverPaths } from './running-postgres.js';
import { watchPostgres } from './watch-postgres.js';
import { closedFolderAbove } from './within-reach.js';

const run = promisify(execFile);
/** Postgres refuses to run as root; `nobody` exists everywhere and owns nothing else. */
const NOBODY = 65_534;

export interface EmbeddedPostgres {
  readonly url: string;
  /** Whether a server of an earlier run, whose Regulars died, was still there and is used on. */
  readonly adopted: boolean;
  /** Stops the server in order: sessions end, everything is flushed. */
  stop(): Promise<void>;
}

/**
 * Starts the Postgres of a data folder, makes it at the first time, or adopts one that outlived its Regulars. It is
 * started again when it dies.
 */
export async function startEmbeddedPostgres(folder: string): Promise<EmbeddedPostgres> {
  const binaries = await postgresBinaries();
  const server = new ServerFolder(folder, binaries);
  if (process.getuid?.() === 0) await requireReach(folder, binaries);
  if (!(await server.isMade())) await server.make();
  const standing = await readPostmaster(server.databaseFolder);
  const adopted = standing?.alive === true;
  if (!adopted) await server.start(await freePort());
  const running = adopted ? standing : await server.standing();
  const { port } = running;
  const watch = watchPostgres(
    { alive: () => server.isAlive(), startAgain: () => server.start(port) },
    (words) => void process.stderr.write(`${words}\n`),
  );
  return {
    url: await postgresUrl(folder, running),
    adopted,
    stop: async () => {
      await watch.end();
      await server.stop();
    },
  };
}

/** As root we run Postgres as `nobody`, who must get at its programs and its data. */
async function requireReach(folder: string, { postgres }: PostgresBinaries): Promise<void> {
  for (const [path, cure] of [
    [folder, 'choose another data folder with --data'],
    [postgres, 'install Regulars elsewhere, set DATABASE_URL'],
  ] as const) {
    const closed = await closedFolderAbove(path);
    if (closed === undefined) continue;
    throw new RegularsError(
      'postgres-out-of-reach',
      `Postgres does not run as root, and other users may not enter ${closed}: ${cure}, or start Regulars as another user.`,
    );
  }
}

class ServerFolder {
  readonly databaseFolder: string;
  readonly passwordFile: string;
  private readonly asRoot = process.getuid?.() === 0;

  constructor(
    private readonly folder: string,
    private readonly binaries: PostgresBinaries,
  ) {
    ({ databaseFolder: this.databaseFolder, passwordFile: this.passwordFile } =
      serverPaths(folder));
  }

  async isMade(): Promise<boolean> {
    try {
      await access(join(this.databaseFolder, 'PG_VERSION'));
      await access(join(this.databaseFolder, 'regulars-made'));
      return true;
    } catch {
      // An initdb that was cut off leaves a folder that never held data: make it anew.
      return false;
    }
  }

  async make(): Promise<void> {
    await rm(this.databaseFolder, { recursive: true, force: true });
    await mkdir(this.databaseFolder, { recursive: true, mode: 0o700 });
    const password = randomBytes(24).toString('hex');
    await writeFile(this.passwordFile, `${password}\n`, { mode: 0o600 });
    const forInitdb = join(this.databaseFolder, '..', `initdb-${String(process.pid)}`);
    await writeFile(forInitdb, password, { mode: 0o600 });
    if (this.asRoot) {
      await chmod(this.folder, 0o711);
      await chown(this.databaseFolder, NOBODY, NOBODY);
      await chown(forInitdb, NOBODY, NOBODY);
    }
    try {
      await this.run(this.binaries.initdb, [
        `--pgdata=${this.databaseFolder}`,
        '--username=postgres',
        `--pwfile=${forInitdb}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
      ]);
      await writeFile(join(this.databaseFolder, 'regulars-made'), '');
      if (this.asRoot) await chown(join(this.databaseFolder, 'regulars-made'), NOBODY, NOBODY);
    } finally {
      await rm(forInitdb, { force: true });
    }
  }

  async isAlive(): Promise<boolean> {
    return (await readPostmaster(this.databaseFolder))?.alive === true;
  }

  async start(port: number): Promise<void> {
    const settings = {
      port: String(port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: process.platform === 'win32' ? '' : OWN_FOLDER,
      max_connections: '120',
      shared_buffers: '64MB',
      // A small box: what idles must not write or wake.
      wal_level: 'minimal',
      max_wal_senders: '0',
      autovacuum_naptime: '30s',
      // Rows are found by their keys; of columns that hold a few values or dates a small sample says as much, for a third
      // of what analysing costs, which a shop pays again and again while it is young and its tables grow by tenths.
      default_statistics_target: '10',
      bgwriter_lru_maxpages: '0',
      log_min_messages: 'warning',
      log_timezone: 'UTC',
      timezone: 'UTC',
    };
    const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value || "''"}`);
    await this.run(this.binaries.pg_ctl, [
      'start',
      '--wait',
      '--silent',
      '--timeout=60',
      `--pgdata=${this.databaseFolder}`,
      `--log=${join(this.databaseFolder, 'server.log')}`,
      `--options=${options.join(' ')}`,
    ]);
    await this.clearSockets(port);
  }

  /**
   * Those that killed servers left: each start has a port, and so a name, of its own. Only who runs may clear up: of two that
   * start at the same time one would take the other's.
   */
  private async clearSockets(port: number): Promise<void> {
    const own = `.s.PGSQL.${String(port)}`;
    const left = (await readdir(this.databaseFolder)).filter(
      (name) => name.startsWith('.s.PGSQL.') && name !== own && name !== `${own}.lock`,
    );
    await Promise.all(left.map((name) => rm(join(this.databaseFolder, name), { force: true })));
  }

  async standing(): Promise<Postmaster> {
    const started = await readPostmaster(this.databaseFolder);
    if (started) return started;
    throw new RegularsError('postgres-gone', 'The embedded Postgres ended right after its start.');
  }

  async stop(): Promise<void> {
    await this.run(this.binaries.pg_ctl, [
      'stop',
      '--mode=fast',
      '--wait',
      '--silent',
      '--timeout=60',
      `--pgdata=${this.databaseFolder}`,
    ]);
  }

  private async run(file: string, parameters: readonly string[]): Promise<void> {
    try {
      await run(file, parameters, {
        cwd: this.databaseFolder,
        env: { LC_ALL: 'C', PATH: process.env['PATH'] ?? '' },
        ...(this.asRoot ? { uid: NOBODY, gid: NOBODY } : {}),
        timeout: 120_000,
      });
    } catch (cause) {
      const { stderr = '', message } = cause as { stderr?: string; message: string };
      const said = (stderr || message).trim().split('\n').slice(-3).join(' ');
      throw new RegularsError(
        'embedded-postgres',
        `The embedded Postgres in ${this.databaseFolder} did not obey: ${said} Its log is server.log there.`,
        { cause },
      );
    }
  }
}

/**
 * Below the range of outgoing connections: one of those would take it while the server is not up yet, or is down between its
 * end and its next start on the same port.
 */
async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = randomInt(12_000, 32_000);
    if (await isFree(port)) return port;
  }
  throw new RegularsError('no-free-port', 'The embedded Postgres finds no free port.');
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  const free = await new Promise<boolean>((resolve) => {
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen(port, '127.0.0.1', () => {
      resolve(true);
    });
  });
  if (free) await new Promise((resolve) => probe.close(resolve));
  return free;
}
