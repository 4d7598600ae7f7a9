import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OutboxRow } from '@regulars/messaging';
import { sql, type Database } from '@regulars/persistence';
import { plansOf, testDatabase, type TestDatabase } from '@regulars/testing';
import { inbox } from './inbox.js';
import { outboxMigrations } from './outbox.migration.js';
import { relayStore } from './relay-store.js';

/** 50,000 rows each, once known to the planner and once with statistics of the time when there were ten. */
describe.each(['fresh', 'stale'])('on large tables with %s statistics', (statistics) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase({ service: 'campaigns', migrations: outboxMigrations });
    await db.query(sql`alter table outbox set (autovacuum_enabled = off)`);
    await db.query(sql`alter table inbox set (autovacuum_enabled = off)`);
    for (const rows of statistics === 'fresh' ? [50_000] : [10, 49_990]) {
      await db.query(sql`
        insert into outbox (epoch, id, topic, key, type, version, value)
        select 1, gen_random_uuid(), 'regulars.purchase.v1', '\\x00', 'PurchaseRecorded', 1, repeat('x', 300)::bytea
        from generate_series(1, ${rows}::int)`);
      await db.query(sql`
        insert into inbox (consumer, stream, key, epoch, sequence)
        select 'campaigns', 'purchase', gen_random_uuid()::text, 1, 1 from generate_series(1, ${rows}::int)`);
      if (statistics === 'fresh' || rows === 10) {
        await db.query(sql`analyze outbox`);
        await db.query(sql`analyze inbox`);
      }
    }
  });
  afterAll(() => db.drop());

  it.each<[string, string, (queries: Queries) => Promise<unknown>]>([
    [
      'unsent rows',
      'Index Scan using outbox_pkey',
      (q) => relayStore(q as Database).readUnsent(500, 5),
    ],
    [
      'rows that were sent',
      'outbox_pkey',
      (q) => relayStore(q as Database).removeSent(Array.from({ length: 500 }, (_, n) => n)),
    ],
    [
      'rows to be moved',
      'Index Scan using outbox_pkey',
      (q) => relayStore(q as Database).readMovable(500, 5),
    ],
    [
      'rows that are moved',
      'outbox_pkey',
      (q) => {
        const rows = Array.from({ length: 500 }, (_, n) => ({ sequence: n }) as OutboxRow);
        return q.query(sql`${relayStore(db).removing(rows)} select count(*) from removed`);
      },
    ],
    [
      'whether any waits',
      'Only Scan using outbox_pkey|Seq Scan on outbox',
      (q) => relayStore(q as Database).isEmpty(),
    ],
    [
      'the oldest unsent row',
      'Index Scan using outbox_pkey',
      (q) => relayStore(q as Database).look(5),
    ],
    [
      'how many are unsent',
      'Index Scan using outbox_pkey',
      (q) => relayStore(q as Database).unsent(5),
    ],
    [
      'positions of keys',
      'Conflict Arbiter Indexes: inbox_pkey',
      (q) => inbox({ ...q, group: 'campaigns', note: () => undefined } as never).takeFresh(events),
    ],
  ])('finds %s by an index', async (_, index, use) => {
    const plans = await plansOf(db, use);

    expect(plans.length).toBeGreaterThan(1);
    for (const plan of plans) expect(plan).toMatch(new RegExp(index));
  });
});

type Queries = Parameters<Parameters<typeof plansOf>[1]>[0];

const events = Array.from({ length: 200 }, (_, n) => ({
  stream: 'purchase',
  key: `customer-${String(n)}`,
  epoch: 1,
  sequence: n,
}));
