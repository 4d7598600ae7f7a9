import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@regulars/kernel';
import { sql } from '@regulars/persistence';
import { tablesOf } from '@regulars/service';
import { plansOf, testDatabase, type TestDatabase } from '@regulars/testing';
import { campaigns } from '../campaigns.js';
import { customerStore } from '../customers/customer.store.js';
import { touchHistoryStore } from '../touches/touch-history.store.js';
import { touchStore } from '../touches/touch.store.js';
import { sendStore, type Reservation, type SendEnd } from './send.store.js';

/**
 * 40,000 touches, all of them done: what is ready or being sent comes and goes between two looks at the statistics. Once
 * they know how large the tables are, once they do not.
 */
describe.each(['fresh', 'stale'])('on large tables with %s statistics', (statistics) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase({ service: 'campaigns', ...tablesOf(campaigns) });
    for (const table of ['touches', 'touch_changes', 'customers'])
      await db.dataSource.query(`alter table ${table} set (autovacuum_enabled = off)`);
    for (const [from, to] of statistics === 'fresh'
      ? [[1, 40_000]]
      : [
          [1, 10],
          [11, 40_000],
        ]) {
      await db.query(sql`
        insert into touches (id, customer_id, campaign_id, campaign_version, enrolment_id, step, cycle, directness,
          channel, channels, due_at, expires_at, state, reason, attempts, created_at)
        select ${uuidOf('n')}, ${uuidOf('n % 10000')}, ${uuidOf('1')}, 1, ${uuidOf('n / 3')}, n % 3, ${uuidOf('n')}, 'presence',
          'email', '{email}', now(), now(), 'sent', 'accepted', 1, now()
        from generate_series(${from}::int, ${to}::int) n`);
      await db.query(sql`
        insert into customers (id, consents, consent_epoch, consent_sequence, segment_epoch, segment_sequence,
          purchase_epoch, purchase_sequence)
        select ${uuidOf('n')}, '[]', 0, 0, 0, 0, 0, 0 from generate_series(${from}::int, ${to}::int) n`);
      await db.query(sql`
        insert into touch_changes (touch_id, customer_id, at, state, reason, channel)
        select ${uuidOf('n')}, ${uuidOf('n % 10000')}, now(), 'sent', 'accepted', 'email'
        from generate_series(${from}::int, ${to}::int) n`);
      if (statistics === 'fresh' || to === 10)
        await db.query(sql`analyze touches, touch_changes, customers`);
    }
  });
  afterAll(() => db.drop());

  const ids = Array.from({ length: 50 }, () => newId());

  it.each<[string, string, (queries: Queries) => Promise<unknown>]>([
    ['ready touches', 'touches_ready', (q) => sendStore(q).lease(50)],
    ['sends that did not come back', 'touches_sending', (q) => sendStore(q).expired(50)],
    ['those that did not come back', 'touches_pkey', (q) => sendStore(q).stillExpired(ids)],
    ['those that are still ready', 'touches_pkey', (q) => sendStore(q).ready(ids)],
    ['touches', 'touches_pkey', (q) => touchStore(q).find(ids)],
    [
      'touches to reserve',
      'touches_pkey',
      (q) => sendStore(q).reserve(ids.map(reservation), new Date()),
    ],
    ['touches to settle', 'touches_pkey', (q) => sendStore(q).settle(ids.map(accepted))],
    ['open touches of enrolments', 'touches_enrolment', (q) => touchStore(q).openOf(ids)],
    [
      'open touches of customers',
      'touches_customer_sent|touches_once',
      (q) => touchStore(q).openOfCustomers(ids),
    ],
    ['the history of touches', 'touch_changes_touch', (q) => touchHistoryStore(q).of(ids)],
    ['customers to lock', 'customers_pkey', (q) => customerStore(q).lockKnown(ids)],
  ])('finds %s by %s', async (_, index, use) => {
    const plans = await plansOf(db, use);

    expect(plans.length).toBeGreaterThan(1);
    for (const plan of plans) {
      expect(plan).toMatch(new RegExp(index));
      expect(plan).not.toMatch(/Seq Scan on (touches|touch_changes|customers)/);
    }
  });
});

const reservation = (id: string): Reservation => ({ id, channel: 'email', templateUsed: 'x/1' });
const accepted = (id: string): SendEnd => ({ id, state: 'sent', reason: 'accepted', counts: true });

type Queries = Parameters<Parameters<typeof plansOf>[1]>[0];

/** A uuid made of a number, as SQL. */
function uuidOf(number: string): ReturnType<typeof sql> {
  const text = [`lpad(to_hex((${number})::int), 32, '0')::uuid`];
  return sql(Object.assign(text, { raw: text }));
}
