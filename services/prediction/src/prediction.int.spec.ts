import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@regulars/kernel';
import { sql } from '@regulars/persistence';
import { driftOf, testDatabase, type TestDatabase } from '@regulars/testing';
import { forecastStore } from './next-purchase/forecast.store.js';
import { predictionTables } from './shop.kit.spec.js';

describe('the tables of prediction', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase(predictionTables);
  });
  afterAll(() => database.drop());

  it('are what the entities say', async () => {
    expect(await driftOf(database)).toEqual([]);
  });

  it('give the list of who is due from its index, also behind many who are lost', async () => {
    await database.query(sql`
      insert into forecasts (customer_id, purchase_count, last_purchase_day, contact_day, lost_day,
                             published_day, forecast)
      select gen_random_uuid(), 1, day, day + 30, day + 60, day, '{}'
      from (select date '2020-01-01' + n / 20 as day from generate_series(1, 40000) as n) as days`);
    await database.query(sql`analyze forecasts`);
    const statements: { text: string; values: readonly unknown[] }[] = [];
    const spied = {
      query: <Row extends object>(s: (typeof statements)[0]): Promise<Row[]> => {
        statements.push(s);
        return Promise.resolve([]);
      },
    };

    await forecastStore(spied).page({
      fromDay: '2024-06-01',
      toDay: '2024-06-14',
      notLostOn: '2024-06-01',
      after: ['2024-06-02', newId()],
      limit: 50,
    });

    const [statement] = statements;
    const plan: object[] = await database.dataSource.query(`explain ${statement?.text ?? ''}`, [
      ...(statement?.values ?? []),
    ]);
    expect(JSON.stringify(plan)).toMatch(/Index Scan using forecasts_contact/);
    expect(JSON.stringify(plan)).not.toMatch(/Seq Scan|Sort/);
  });
});
