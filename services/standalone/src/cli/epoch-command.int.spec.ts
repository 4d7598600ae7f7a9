import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { createPostgresLog, type EventLog } from '@regulars/messaging';
import { outbox, outboxMigrations } from '@regulars/outbox';
import { Database, sql } from '@regulars/persistence';
import { testDatabaseUrl } from '@regulars/testing';
import { addEpochCommand } from './epoch-command.js';

const topic = 'regulars.purchase.v1';
const name = `t_epoch_${randomBytes(4).toString('hex')}`;
let admin: Database;
let db: Database;
let log: EventLog;
let databaseUrl: string;

beforeEach(async () => {
  admin = await Database.connect({ url: testDatabaseUrl(), schema: 'public', service: 'test' });
  await admin.dataSource.query(`create database ${name}`);
  const url = new URL(testDatabaseUrl());
  url.pathname = `/${name}`;
  databaseUrl = url.href;
  db = await Database.connect({
    url: databaseUrl,
    schema: 'ingestion',
    service: 'ingestion',
    migrations: outboxMigrations,
  });
  await db.migrate();
  log = createPostgresLog({ databaseUrl });
  await log.ensureTopics([{ name: topic, partitions: 12, cleanup: 'keep' }]);
});
afterEach(async () => {
  await log.close();
  await db.close();
  await admin.dataSource.query(`drop database ${name} with (force)`);
  await admin.close();
});

async function regulars(...words: string[]): Promise<{ said: string; code: number }> {
  const said: string[] = [];
  let code = 0;
  const program = new Command().exitOverride();
  addEpochCommand(program, {
    env: {},
    interactive: false,
    out: (line) => said.push(line),
    error: (line) => said.push(line),
    exitWith: (wanted) => {
      code = wanted;
    },
  });
  await program.parseAsync(['node', 'regulars', 'epoch', 'raise', ...words]);
  return { said: said.join('\n'), code };
}

describe('regulars epoch raise', () => {
  it('lifts the epoch above the log and stamps unsent events anew, in their order', async () => {
    const ahead = 9_000_000_000;
    const producer = await log.producer();
    const headers = { epoch: Buffer.from(String(ahead)), sequence: Buffer.from('7') };
    await producer.send([{ topic, key: Buffer.from('a'), value: Buffer.from('1'), headers }]);
    const notice = { topic, key: Buffer.from('a'), value: null, type: 'test', headers: {} };
    await db.withTransaction((tx) => outbox(tx).addNotices([notice, notice]));

    const { said, code } = await regulars('ingestion', '--database-url', databaseUrl);

    expect(said).toBe('The epoch of ingestion is 9000000001; 2 unsent events were stamped anew.');
    expect(code).toBe(0);
    expect(await db.query(sql`select sequence, epoch from outbox order by sequence`)).toEqual(
      [1, 2].map((sequence) => ({ sequence, epoch: ahead + 1 })),
    );
  });

  it('says what it does not know', async () => {
    expect(await regulars('shop', '--database-url', databaseUrl)).toEqual({
      said: 'regulars: "shop" is no service; there are ingestion, prediction, segmentation, campaigns, metrics.',
      code: 1,
    });
  });
});
