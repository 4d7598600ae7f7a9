import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@regulars/kernel';
import { sql } from '@regulars/persistence';
import { engine } from '../models/engine.js';
import { liveRecordsStore } from '../models/live-records.store.js';
import { statedCyclesStore } from '../models/stated-cycles.store.js';
import {
  anErasure,
  aPurchase,
  forecastsIn,
  monthly,
  openShop,
  revised,
  type Shop,
} from '../shop.kit.spec.js';

// Real: Postgres, inbox, outbox, timers. Left out: the log and HTTP.
describe('purchases', () => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await openShop('2026-07-01');
  });
  afterEach(() => shop.database.drop());

  it('are answered with one forecast per customer and batch, based on the last of them', async () => {
    const [ann, ben] = [newId(), newId()];
    const events = [...monthly(ann, 6), ...monthly(ben, 2)];

    await shop.purchases(events);

    const published = await shop.published();
    expect(published.map(({ key }) => key).sort()).toEqual([ann, ben].sort());
    const forecast = forecastsIn(published).find(({ customerId }) => customerId === ann);
    expect(forecast).toMatchObject({
      cause: 'purchase',
      purchaseCount: 6,
      lastPurchaseDay: '2026-05-31',
      basedOn: {
        lastPurchaseDay: '2026-05-31',
        purchaseCount: 6,
        epoch: 1,
        sequence: events[5]?.sequence,
      },
      cycle: events[5]?.data.purchaseId,
      imported: false,
      predictability: { state: 'ok' },
    });
    expect(forecast?.dueDay).toMatch(/^2026-0(6-2|7-0)/);
  });

  it('have effect once: the same batch again changes and says nothing', async () => {
    const events = monthly(newId(), 4);
    await shop.purchases(events);
    await shop.published();
    const before = await tables(shop);

    const outcomes = await shop.purchases(events);

    expect(outcomes).toEqual({ duplicate: 4 });
    expect(await shop.published()).toEqual([]);
    expect(await tables(shop)).toEqual(before);
  });

  it('give the same forecast in any order, in any batches, with every correction', async () => {
    const customer = newId();
    const events = monthly(customer, 6);
    const corrected = revised(events[2] ?? fail(), 'PurchaseCorrected', {
      purchaseDay: '2026-03-05',
    });
    const partly = revised(events[3] ?? fail(), 'PurchaseRefunded', {
      totalMinor: 500,
      refundedMinor: 1500,
    });
    const all = [...events, corrected, partly];
    await shop.purchases(all);
    const [expected] = forecastsIn(await shop.published());

    for (const seed of [1, 2, 3]) {
      const other = await openShop('2026-07-01');
      // What a redrive does: events come in any order, past the inbox.
      for (const event of shuffled(all, seed)) await other.purchases([event], { redriving: true });
      const last = forecastsIn(await other.published()).at(-1);
      expect({ ...last, cause: '' }).toEqual({ ...expected, cause: '' });
      await other.database.drop();
    }
  });

  it('that come late rebuild the customer and are answered, the older event noted as superseded', async () => {
    const [first, , last] = monthly(newId(), 3);
    const refund = revised(first ?? fail(), 'PurchaseRefunded', {
      fullyRefunded: true,
      totalMinor: 0,
    });
    await shop.purchases([last ?? fail(), refund]);
    await shop.published();

    const outcomes = await shop.purchases([first ?? fail()], { redriving: true });

    expect(outcomes).toEqual({ superseded: 1 });
    const [answer] = forecastsIn(await shop.published());
    expect(answer).toMatchObject({ purchaseCount: 1, firstPurchaseDay: '2026-03-02' });
    expect(answer?.basedOn.sequence).toBe(refund.sequence);
  });

  it('on one day are one purchase, opened by the smallest id; imported only if all are', async () => {
    const customer = newId();
    const [a, b] = [newId(), newId()];
    await shop.purchases([
      aPurchase(customer, { purchaseDay: '2026-05-01', purchaseId: b, imported: true }),
      aPurchase(customer, { purchaseDay: '2026-05-01', purchaseId: a, imported: false }),
    ]);

    const [forecast] = forecastsIn(await shop.published());

    expect(forecast).toMatchObject({ purchaseCount: 1, cycle: a < b ? a : b, imported: false });
    expect(forecast?.expectedPurchaseValueMinor).toBe(4_000);
  });

  it('that are taken back leave a day only while it has another order, and in the end a tombstone', async () => {
    const customer = newId();
    const [kept, gone] = [
      aPurchase(customer, { purchaseDay: '2026-05-01' }),
      aPurchase(customer, { purchaseDay: '2026-05-01' }),
    ];
    await shop.purchases([kept, gone]);
    await shop.purchases([revised(gone, 'PurchaseRemoved')]);
    expect(forecastsIn(await shop.published()).at(-1)).toMatchObject({
      purchaseCount: 1,
      cause: 'correction',
    });

    await shop.purchases([
      revised(kept, 'PurchaseRefunded', { fullyRefunded: true, totalMinor: 0 }),
    ]);

    expect(await shop.published()).toMatchObject([{ type: 'Tombstone', key: customer }]);
    expect((await tables(shop)).forecasts).toEqual([]);
  });

  it('moved by a merge go from one customer to the other', async () => {
    const [from, to] = [newId(), newId()];
    const [one, two] = monthly(from, 2);
    await shop.purchases([one ?? fail(), two ?? fail()]);
    await shop.published();

    await shop.purchases([
      revised(one ?? fail(), 'PurchaseRemoved'),
      { ...revised(one ?? fail(), 'PurchaseRecorded', { customerId: to }), key: to },
    ]);

    const published = forecastsIn(await shop.published());
    expect(published.map(({ customerId, purchaseCount }) => [customerId, purchaseCount])).toEqual([
      [from, 1],
      [to, 1],
    ]);
  });

  it('carry a forecast for every category beside the customer', async () => {
    const customer = newId();
    const line = (category: string) => [
      { productId: 'p', category, quantity: 1, amountMinor: 700 },
    ];
    await shop.purchases([
      aPurchase(customer, { purchaseDay: '2026-04-01', lines: line('coffee') }),
      aPurchase(customer, { purchaseDay: '2026-05-01', lines: line('coffee') }),
      aPurchase(customer, { purchaseDay: '2026-05-03', lines: line('tea') }),
    ]);

    const [forecast] = forecastsIn(await shop.published());

    expect(forecast?.categories).toMatchObject([
      { category: 'tea', purchaseCount: 1, lastPurchaseDay: '2026-05-03' },
      { category: 'coffee', purchaseCount: 2, lastPurchaseDay: '2026-05-01' },
    ]);
  });

  it('carry each category by what is stated for it, whichever was bought last', async () => {
    const customer = newId();
    await statedCyclesStore(shop.database).replaceAll([
      { scope: 'category', code: 'coffee', days: 45 },
      { scope: 'category', code: 'tea', days: 20 },
    ]);
    const bought = (purchaseDay: string, category: string) =>
      aPurchase(customer, {
        purchaseDay,
        lines: [{ productId: 'p', category, quantity: 1, amountMinor: 700 }],
      });

    await shop.purchases([bought('2026-06-01', 'coffee'), bought('2026-06-03', 'tea')]);

    const [forecast] = forecastsIn(await shop.published());
    expect(forecast?.categories.map(({ category, cycleDays }) => [category, cycleDays])).toEqual([
      ['tea', 20],
      ['coffee', 45],
    ]);
  });

  it('judge the forecast that was published before them, and none made afterwards', async () => {
    const customer = newId();
    const history = monthly(customer, 6, '2025-12-31');
    await shop.purchases(history.slice(0, 5));
    await shop.purchases(history.slice(5));
    expect(judged(await shop.published())).toEqual([]);

    await shop.purchases([aPurchase(customer, { purchaseDay: '2026-07-02' })]);

    expect(judged(await shop.published())).toMatchObject([
      {
        customerId: customer,
        purchaseDay: '2026-07-02',
        insideWindow: true,
        // Last purchase 30 May + mean gap 30 = 29 June.
        baselineErrorDays: 3,
      },
    ]);
    const { version } = engine.builtInPrior;
    expect((await liveRecordsStore(shop.database).ofVersions([version])).get(version)).toEqual({
      judged: 1,
      withDate: 1,
      within14Days: 1,
      baselineWithin14Days: 1,
      withWindow: 1,
      insideWindow: 1,
    });
  });

  it('of an erased customer leave no trace, before and after', async () => {
    const customer = newId();
    const events = monthly(customer, 3);
    await shop.purchases(events.slice(0, 2));
    await shop.published();

    await shop.customers([anErasure(customer)]);

    expect(await shop.published()).toMatchObject([
      { type: 'Tombstone', stream: 'forecast', key: customer },
      {
        type: 'PartErased',
        data: { customerId: customer, rows: { ledger_orders: 2, forecasts: 1 } },
      },
    ]);
    expect(await shop.purchases(events.slice(2))).toEqual({ superseded: 1 });
    expect(await shop.published()).toEqual([]);
    expect(await tables(shop)).toMatchObject({ forecasts: [], ledger: [] });
  });
});

async function tables({ database }: Shop) {
  return {
    customers: await database.query(sql`select * from customers order by id`),
    ledger: await database.query(
      sql`select * from ledger_orders order by customer_id, source, order_id`,
    ),
    forecasts: await database.query(sql`select * from forecasts order by customer_id`),
  };
}

function judged(published: Awaited<ReturnType<Shop['published']>>) {
  return published.flatMap((event) => (event.type === 'ForecastJudged' ? [event.data] : []));
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  return list
    .map((item, index) => ({ item, at: Math.imul(index + 1, 0x9e3779b9 + seed * 7919) >>> 0 }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function fail(): never {
  throw new Error('The fixture has this event.');
}
