import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { outboxMigrations, outboxEntities, raiseEpoch } from '@regulars/outbox';
import { sql, type Transaction } from '@regulars/persistence';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import { ingestion } from '../ingestion.js';
import { recordPurchases } from '../purchases/record-purchases.use-case.js';
import { readPurchase } from '../purchases/read-purchase.js';
import { unlessTaken } from '../requests/unless-taken.use-case.js';
import { aPurchase, now, outboxEvents } from '../ingestion-harness.spec.js';
import { customerStore } from './customer.store.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({
    service: 'ingestion',
    poolSize: 20,
    entities: [...ingestion.entities, ...outboxEntities],
    migrations: [...ingestion.migrations, ...outboxMigrations],
  });
  await raiseEpoch(db);
});
afterAll(() => db.drop());

function read(over: Record<string, unknown>) {
  const rules = { now, defaultCountry: 'DE', zoneOf: () => 'Europe/Berlin' };
  const purchase = readPurchase(aPurchase(over), rules);
  if (!purchase.ok) throw new Error(purchase.error.detail);
  return purchase.value;
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

describe('twenty transactions for the same customers at once', () => {
  it('find or create each customer once, without a deadlock', async () => {
    const people = Array.from({ length: 30 }, (_, n) => String(n));
    const identities = people.flatMap((n) => [
      { phone: `+49 30 6000${n}` },
      { phone: `+49 30 6000${n}`, email: `p${n}@example.com` },
      { email: `p${n}@example.com`, phone: `+49 30 6000${n}`, externalId: `P-${n}` },
    ]);
    const rounds = Array.from({ length: 20 }, (_, round) =>
      shuffled(identities, round + 1).map((customer) => read({ customer })),
    );

    await Promise.all(
      rounds.map((purchases) => db.withTransaction((tx) => recordPurchases(purchases, tx))),
    );

    const [counts] = await db.query(sql`
      select (select count(*) from customers) as customers, (select count(*) from identities) as identities,
        (select count(*) from purchases) as purchases, (select count(*) from identity_conflicts) as conflicts`);
    expect(counts).toEqual({ customers: 30, identities: 90, purchases: 1_800, conflicts: 0 });
    const events = await outboxEvents(db);
    expect(events.filter(({ type }) => type === 'CustomerRegistered')).toHaveLength(30);
    expect(events.filter(({ type }) => type === 'PurchaseRecorded')).toHaveLength(1_800);
  });

  it('wait for whoever has locked a customer before them', async () => {
    const ids = await db.withTransaction(async (tx) => {
      await recordPurchases([read({ customer: { externalId: 'locked' } })], tx);
      return tx.query<{ id: string }>(sql`
        select customer_id as id from identities where value like '%locked'`);
    });
    const lock = (tx: Pick<Transaction, 'query'>) =>
      customerStore(tx).lockMany(ids.map(({ id }) => id));

    await db.withTransaction(async (tx) => {
      expect((await lock(tx)).size).toBe(1);
      const second = db.withTransaction(async (other) => {
        await other.query(sql`set local lock_timeout = '100ms'`);
        return lock(other);
      });
      await expect(second).rejects.toMatchObject({ code: '55P03' });
    });
  });

  it('record the same purchases once', async () => {
    const purchases = Array.from({ length: 50 }, (_, n) =>
      read({ customer: { externalId: `same-${String(n % 10)}` } }),
    );
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, round) =>
        unlessTaken(() =>
          db.withTransaction((tx) => recordPurchases(shuffled(purchases, round + 1), tx)),
        ),
      ),
    );
    const kinds = outcomes.flat().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'created')).toHaveLength(50);
    expect(kinds.filter((kind) => kind === 'unchanged')).toHaveLength(950);
  });
});
