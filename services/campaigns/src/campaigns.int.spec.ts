import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from '@regulars/persistence';
import { tablesOf } from '@regulars/service';
import { driftOf, testDatabase, type TestDatabase } from '@regulars/testing';
import { campaigns } from './campaigns.js';
import { sendStore } from './dispatch/send.store.js';
import { touchStore } from './touches/touch.store.js';

describe('the tables of campaigns', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase({ service: 'campaigns', ...tablesOf(campaigns) });
  });
  afterAll(() => database.drop());

  it('are what the entities say', async () => {
    expect(await driftOf(database)).toEqual([]);
  });
});

/** What runs for every batch, timer or poll must not read a table that grows. */
describe('hot queries', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase({ service: 'campaigns', ...tablesOf(campaigns) });
    await database.query(sql`
      insert into touches (id, customer_id, campaign_id, campaign_version, enrolment_id, step, cycle, directness,
        channel, channels, due_at, expires_at, state, reason, attempts, sent_at, created_at)
      select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, gen_random_uuid(), 1, gen_random_uuid(),
        'presence', 'email', '{email}', now(), now(), 'captured', 'due-day', 0, now(), now()
      from generate_series(1, 20000)`);
    await database.query(sql`analyze touches`);
  });
  afterAll(() => database.drop());

  const id = '00000000-0000-7000-8000-00000000000a';
  it.each([
    ['leasing ready touches', (tx: Reader) => sendStore(tx).lease(8), 'touches_ready'],
    ['finding dead sends', (tx: Reader) => sendStore(tx).expired(50), 'touches_sending'],
    [
      'open touches of an enrolment',
      (tx: Reader) => touchStore(tx).openOf([id]),
      'touches_enrolment',
    ],
    [
      'touches that a pause deferred',
      (tx: Reader) => touchStore(tx).deferredByPause(id),
      'touches_paused',
    ],
    [
      'open touches of a customer',
      (tx: Reader) => touchStore(tx).openOfCustomers([id]),
      'touches_',
    ],
    [
      'the list of all touches',
      (tx: Reader) =>
        touchStore(tx).list({
          customerId: null,
          campaignId: null,
          state: null,
          before: null,
          limit: 51,
        }),
      'touches_due',
    ],
  ])('%s', async (_, ask, index) => {
    const plans: string[] = [];
    const explaining: Reader = {
      query: async (statement) => {
        const plan: object[] = await database.dataSource.query(`explain ${statement.text}`, [
          ...statement.values,
        ]);
        plans.push(JSON.stringify(plan));
        return [];
      },
    };
    await ask(explaining);
    expect(plans).toHaveLength(1);
    expect(plans[0]).toContain(index);
    expect(plans[0]).not.toContain('Seq Scan');
  });
});

type Reader = Parameters<typeof sendStore>[0];
