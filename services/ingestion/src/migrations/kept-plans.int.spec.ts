import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql, type Transaction } from '@regulars/persistence';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import { customerStore } from '../customers/customer.store.js';
import { identityStore } from '../customers/identity.store.js';
import { ingestion } from '../ingestion.js';
import { purchaseStore } from '../purchases/purchase.store.js';

let db: TestDatabase;
beforeAll(async () => {
  const { entities, migrations, readsByIndex = false } = ingestion;
  db = await testDatabase({ service: 'ingestion', entities, migrations, readsByIndex });
  for (const table of ['customers', 'identities', 'purchases'])
    await db.dataSource.query(`alter table ${table} set (autovacuum_enabled = off)`);
});
afterAll(() => db.drop());

const id = '01990000-0000-7000-8000-000000000000';

describe('a plan that is kept from the time when the tables were empty', () => {
  it.each<[string, string, string, (tx: Pick<Transaction, 'query'>) => Promise<unknown>]>([
    [
      'purchases by business key',
      'purchases_source_order_id_key',
      `'{shop}', '{1}'`,
      (tx) => purchaseStore(tx).findByKeys([{ source: 'shop', orderId: '1' }]),
    ],
    [
      'identities',
      'identities_pkey',
      `'{phone}', '{+49}'`,
      (tx) => identityStore(tx).owners([{ kind: 'phone', value: '+49' }]),
    ],
    [
      'external ids of customers',
      'identities_customer_id_idx',
      `'{${id}}'`,
      (tx) => identityStore(tx).externalValues([id]),
    ],
    ['customers to lock', 'customers_pkey', `'{${id}}'`, (tx) => customerStore(tx).lockMany([id])],
  ])('finds %s by an index', async (_, index, values, read) => {
    await db.withTransaction(async (tx) => {
      const asked: string[] = [];
      const noting: Pick<Transaction, 'query'> = {
        query: (statement) => {
          asked.push(statement.text);
          return tx.query(statement);
        },
      };
      // Postgres changes over to a plan for any values when it likes; here at once.
      await tx.query(sql`set local plan_cache_mode = force_generic_plan`);
      await read(noting);

      const [kept] = await tx.query<{ name: string; plans: number }>(sql`
        select name, generic_plans as plans from pg_prepared_statements where statement = ${asked[0]}`);
      expect(kept?.plans).toBeGreaterThan(0);
      const plan = await tx.query<{ 'QUERY PLAN': string }>({
        text: `explain (costs off) execute ${kept?.name ?? ''} (${values})`,
        values: [],
      });
      const text = plan.map((row) => row['QUERY PLAN']).join('\n');
      expect(text).toMatch(new RegExp(`Index Scan.* ${index}`));
      expect(text).toContain('Index Cond');
      expect(text).not.toContain('Seq Scan');
    });
  });
});
