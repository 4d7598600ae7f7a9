import { access, chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sql } from '@regulars/persistence';
import { eventually, freePorts } from '@regulars/testing';
import { Child, isAlive, postmaster, startStandaloneHouse } from './house.ts';
import type { StandaloneHouse } from './house.ts';

jest.setTimeout(900_000);

const aPurchase = (orderId: string) => ({
  orderId,
  customer: { externalId: 'c-1' },
  purchaseDay: '2026-01-15',
  total: { amountMinor: 1_000, currency: 'EUR' },
});

describe('a standalone and its own Postgres', () => {
  let house: StandaloneHouse;
  beforeAll(async () => {
    house = await startStandaloneHouse();
  });
  afterAll(() => house.stop());

  const orders = async (): Promise<number> =>
    (await house.api.get<{ orders: number }>('/v1/reports/customers')).orders;

  it('is adopted after SIGKILL, and the work goes on', async () => {
    await house.api.post('/v1/purchases', aPurchase('before'));
    const postgres = await postmaster(house.folder);

    await house.kill9('standalone');
    await house.ready();

    expect(await postmaster(house.folder)).toEqual(postgres);
    await house.api.post('/v1/purchases', aPurchase('after'));
    await house.drained();
    expect(await orders()).toBe(2);
  });

  it('is started again when it died with its standalone', async () => {
    const postgres = await postmaster(house.folder);
    house.child().signal('SIGKILL');
    await house.child().ended;
    // SIGQUIT is a crash of the whole server: nothing is flushed, postmaster.pid goes only with the next start.
    process.kill(postgres.pid, 'SIGQUIT');
    await eventually(() => !isAlive(postgres.pid));
    // What a server that had no time to clear up leaves behind.
    await writeFile(join(house.folder, 'postgres', '.s.PGSQL.1'), '');

    await house.start();

    const { pid, port } = await postmaster(house.folder);
    expect(pid).not.toBe(postgres.pid);
    const sockets = (await readdir(join(house.folder, 'postgres'))).filter((name) =>
      name.startsWith('.s.PGSQL.'),
    );
    const own = `.s.PGSQL.${String(port)}`;
    expect(sockets.sort()).toEqual([own, `${own}.lock`]);
    await house.api.post('/v1/purchases', aPurchase('after-the-crash'));
    await house.drained();
    expect(await orders()).toBe(3);
  });

  it('is started again when it dies under a running standalone', async () => {
    const postgres = await postmaster(house.folder);
    process.kill(postgres.pid, 'SIGQUIT');

    await eventually(
      () =>
        postmaster(house.folder).then(
          ({ pid }) => pid !== postgres.pid,
          () => false,
        ),
      { withinMs: 180_000 },
    );
    await house.ready();

    expect((await postmaster(house.folder)).port).toBe(postgres.port);
    await house.api.post('/v1/purchases', aPurchase('after-its-own-crash'));
    await house.drained();
    expect(await orders()).toBe(4);
  });

  it('is spoken to through its socket by all services, which costs less than a port', async () => {
    const talk = await house.rows(
      sql`select count(*) as all, count(client_addr) as "byPort" from pg_stat_activity
          where application_name like 'regulars-%' and application_name <> 'regulars-e2e'`,
    );
    expect(talk).toEqual([{ all: expect.any(Number), byPort: 0 }]);
    expect(talk[0]?.['all']).toBeGreaterThan(5);
  });

  it('is left alone by a second instance on the same folder', async () => {
    const second = Child.run(['start', '--data', house.folder, '--port', '0']);

    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.output).toBe(
      `Regulars runs on ${house.folder} already. Stop that one first, or choose another folder with --data.\n`,
    );
    expect(await orders()).toBe(4);
  });

  it('ends with Ctrl-C, also when a shell or npm passes the signal on a second time', async () => {
    const { pid } = await postmaster(house.folder);

    house.child().signal('SIGINT');
    await house.child().said(/Stopping/);
    house.child().signal('SIGINT');
    house.child().signal('SIGTERM');

    expect(await house.child().ended).toEqual({ code: 0, signal: null });
    expect(isAlive(pid)).toBe(false);
    expect(house.child().errors).toBe(
      'The embedded Postgres ended by itself; it is started again.\n\nStopping…\n',
    );
  });
});

describe('a standalone that cannot start', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regulars-e2e-'));
    // The server of a root's standalone runs as nobody and has to come through.
    await chmod(folder, 0o711);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('says in one line that its port is taken, and leaves no Postgres behind', async () => {
    const port = await freePorts(1);
    await using _other = createServer().listen(port, '127.0.0.1');
    const child = Child.run(['start', '--data', join(folder, 'taken'), '--port', String(port)]);

    expect(await child.ended).toEqual({ code: 1, signal: null });
    expect(child.output).toBe(
      `Port ${String(port)} on 127.0.0.1 is taken. Stop what uses it, or choose another with --port.\n`,
    );
    await expect(postmaster(join(folder, 'taken'))).rejects.toThrow('ENOENT');
    // Nobody was told its text: the first start that comes up makes another.
    await expect(access(join(folder, 'taken', 'api-keys.json'))).rejects.toThrow('ENOENT');
  });

  it('says in one line that its folder cannot be written', async () => {
    // A file where the folder should be: also root, who may write everywhere, cannot write into it.
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    await chmod(file, 0o400);
    const child = Child.run(['start', '--data', join(file, 'data'), '--port', '0']);

    expect(await child.ended).toEqual({ code: 1, signal: null });
    expect(child.output).toBe(
      `The data folder ${join(file, 'data')} cannot be written. Make it yours, or choose another with --data.\n`,
    );
  });
});
