import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { serviceNames } from '@regulars/contracts';
import { systemClock } from '@regulars/kernel';
import { createLogger } from '@regulars/observability';
import { outbox } from '@regulars/outbox';
import { Database, sql } from '@regulars/persistence';
import { connectDatabase } from '@regulars/service';
import { testDatabaseUrl } from '@regulars/testing';
import { allServices } from '../start/all-services.js';
import { addReconcileCommand } from './reconcile-command.js';

const name = `t_reconcile_${randomBytes(4).toString('hex')}`;
const empty = `${name}_empty`;
let admin: Database;
let url: string;
const services: Database[] = [];

const urlOf = (database: string): string =>
  Object.assign(new URL(testDatabaseUrl()), { pathname: `/${database}` }).href;

beforeAll(async () => {
  admin = await Database.connect({ url: testDatabaseUrl(), schema: 'public', service: 'test' });
  await admin.dataSource.query(`create database ${name}`);
  await admin.dataSource.query(`create database ${empty}`);
  url = urlOf(name);
  const logger = createLogger({ service: 'test', level: 'silent' });
  for (const definition of allServices)
    services.push(await connectDatabase(definition, { url, clock: systemClock, logger }));
  const notice = { topic: 'notes', key: null, value: null, type: 'note', headers: {} };
  await ingestion().withTransaction((tx) => outbox(tx).addNotices([notice, notice]));
});
afterAll(async () => {
  for (const database of services) await database.close();
  await admin.dataSource.query(`drop database ${name} with (force)`);
  await admin.dataSource.query(`drop database ${empty} with (force)`);
  await admin.close();
});

function ingestion(): Database {
  const [database] = services;
  if (!database) throw new Error('Nothing has started.');
  return database;
}

async function reconcile(...words: string[]): Promise<{ said: string; code: number }> {
  const said: string[] = [];
  let code = 0;
  const program = new Command().exitOverride();
  addReconcileCommand(program, {
    env: {},
    interactive: false,
    out: (line) => said.push(line),
    error: (line) => said.push(line),
    exitWith: (wanted) => {
      code = wanted;
    },
  });
  await program.parseAsync(['node', 'regulars', 'reconcile', ...words]);
  return { said: said.join('\n'), code };
}

describe('regulars reconcile', () => {
  it('adds up every service, and is content', async () => {
    const { said, code } = await reconcile('--database-url', url);

    expect(code).toBe(0);
    expect(said.split('\n')).toEqual([
      'service       sum     of  records  gap  what became of them',
      'ingestion     outbox            2    0  2 unsent',
      'prediction    outbox            0    0',
      'segmentation  outbox            0    0',
      'campaigns     outbox            0    0',
      'metrics       outbox            0    0',
      '',
      'All 5 sums balance.',
    ]);
  });

  it('ends with 2 and says where to look when a record is gone', async () => {
    await ingestion().query(sql`delete from outbox where sequence = 1`);
    try {
      const table = await reconcile('--database-url', url);
      expect(table.code).toBe(2);
      expect(table.said).toContain('ingestion     outbox            2    1  1 unsent');
      expect(table.said).toContain(
        '1 of 5 sums have a gap:\n  ingestion outbox: rows written against rows that are accounted for: 2, 1',
      );

      const json = await reconcile('ingestion', '--json', '--database-url', url);
      expect(json.code).toBe(2);
      expect(JSON.parse(json.said)).toMatchObject({
        balanced: false,
        sums: [{ service: 'ingestion', sum: 'outbox', whole: 2, parts: { unsent: 1 }, gap: 1 }],
      });
      expect((await reconcile('metrics', '--database-url', url)).code).toBe(0);
    } finally {
      await ingestion().query(
        sql`update outbox_counts set written = written - 1 where written > 0`,
      );
    }
  });

  it('refuses a database that is another one, and leaves it as it is', async () => {
    expect(await reconcile('--database-url', urlOf(empty))).toEqual({
      said: 'regulars: This database has no tables of ingestion: it is another one, or ingestion has never started on it.',
      code: 1,
    });
    const other = await Database.connect({ url: urlOf(empty), schema: 'public', service: 'test' });
    const made = await other.query(
      sql`select nspname from pg_namespace where nspname = any(${serviceNames}::text[])`,
    );
    await other.close();
    expect(made).toEqual([]);
  });

  it('says what it does not know', async () => {
    expect((await reconcile('shop', '--database-url', url)).said).toMatch(/"shop" is no service/);
    expect(await reconcile('--data', '/nowhere')).toMatchObject({
      said: expect.stringMatching(/No Regulars runs on the data folder \/nowhere/),
      code: 1,
    });
  });
});
