import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql, type Sql } from '@regulars/persistence';
import { driftOf, testDatabase, type TestDatabase } from '@regulars/testing';
import { customerStore } from '../customers/customer.store.js';
import { identityStore } from '../customers/identity.store.js';
import { consentStore } from '../consents/consent.store.js';
import { ingestion } from '../ingestion.js';
import { productStore } from '../products/product.store.js';
import { purchaseStore } from '../purchases/purchase.store.js';

let db: TestDatabase;
beforeAll(async () => {
  const { entities, migrations } = ingestion;
  db = await testDatabase({ service: 'ingestion', entities, migrations });
});
afterAll(() => db.drop());

const id = '01990000-0000-7000-8000-000000000000';

/** Runs a store's query under EXPLAIN, with sequential scans made dear: an index that can serve it must be taken. */
async function planOf(query: (tx: Reading) => Promise<unknown>): Promise<string> {
  let plan = '';
  await db.withTransaction(async (tx) => {
    await tx.query(sql`set local enable_seqscan = off`);
    const explaining: Reading = {
      query: async <Row extends object>(statement: Sql): Promise<Row[]> => {
        const text = `explain ${statement.text}`;
        const rows = await tx.query<{ 'QUERY PLAN': string }>({ ...statement, text });
        plan += rows.map((row) => row['QUERY PLAN']).join('\n');
        return [];
      },
    };
    await query(explaining);
  });
  return plan;
}
type Reading = Parameters<typeof customerStore>[0];

describe('the schema', () => {
  it('is what the entities say', async () => {
    expect(await driftOf(db)).toEqual([]);
  });

  it.each<[string, string, (tx: Reading) => Promise<unknown>]>([
    [
      'identities by kind and value',
      'identities_pkey',
      (tx) => identityStore(tx).owners([{ kind: 'phone', value: '+49' }]),
    ],
    [
      'external ids of customers',
      'identities_customer_id_idx',
      (tx) => identityStore(tx).externalValues([id]),
    ],
    ['customers to lock', 'customers_pkey', (tx) => customerStore(tx).lockMany([id])],
    ['customers by pages', 'customers_pkey', (tx) => customerStore(tx).page(id, 50)],
    ['consents of customers', 'consents_pkey', (tx) => consentStore(tx).ofCustomers([id])],
    ['categories of products', 'products_pkey', (tx) => productStore(tx).categories(['tea'])],
    [
      'purchases by business key',
      'purchases_source_order_id_key',
      (tx) => purchaseStore(tx).findByKeys([{ source: 'shop', orderId: '1' }]),
    ],
    ['a purchase', 'purchases_pkey', (tx) => purchaseStore(tx).find(id)],
    [
      'purchases of a customer by pages',
      'purchases_customer_id_idx',
      (tx) => purchaseStore(tx).page({ customerId: id }, 50),
    ],
  ])('finds %s by %s', async (_, index, query) => {
    const plan = await planOf(query);
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/Seq Scan on (customers|identities|consents|products|purchases)/);
  });
});
