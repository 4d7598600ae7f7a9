import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@regulars/kernel';
import { sql, type Sql } from '@regulars/persistence';
import { NowForecasts } from '../next-purchase/now-forecasts.use-case.js';
import { anErasure, forecastsIn, monthly, openShop, revised, type Shop } from '../shop.kit.spec.js';
import { FOLD, type StoredState } from './customer-state.js';
import { orderOf } from './ledger-order.js';
import { ledgerStore } from './ledger.store.js';

// Real: Postgres, inbox, ledger, states, outbox.
describe('the state beside the ledger', () => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await openShop('2026-07-01');
  });
  afterEach(() => shop.database.drop());

  const stored = async (customer: string): Promise<StoredState | null | undefined> => {
    const [row] = await shop.database.query<{ state: StoredState | null }>(
      sql`select state from customers where id = ${customer}`,
    );
    return row?.state;
  };

  it.each<[string, Sql]>([
    ['that is missing', sql`update customers set state = null`],
    [
      'of an earlier fold',
      sql`update customers
          set state = jsonb_set(state, '{fold}', ${String(FOLD - 1)}::jsonb)
                      #- '{state,history,lastDay}'`,
    ],
  ])('%s is folded from the ledger at the next purchase', async (_, damage) => {
    const customer = newId();
    const events = monthly(customer, 4);
    await shop.purchases(events.slice(0, 3));
    await shop.published();
    await shop.database.query(damage);

    await shop.purchases(events.slice(3));

    expect(forecastsIn(await shop.published())).toMatchObject([{ purchaseCount: 4 }]);
    expect(await stored(customer)).toMatchObject({
      fold: FOLD,
      state: { history: { purchaseCount: 4 } },
    });
  });

  it('that an earlier release has left behind is folded from the ledger', async () => {
    const customer = newId();
    const events = monthly(customer, 4);
    await shop.purchases(events.slice(0, 2));
    await shop.published();
    // What a release does that knows no states.
    const [unseen] = events.slice(2);
    if (unseen) await ledgerStore(shop.database).upsertNewer([orderOf(unseen)]);
    await shop.database.query(
      sql`update customers set purchase_sequence = ${unseen?.sequence ?? 0}`,
    );

    await shop.purchases(events.slice(3));

    expect(forecastsIn(await shop.published())).toMatchObject([{ purchaseCount: 4 }]);
  });

  it('is not needed for reading, and reading writes none', async () => {
    const customer = newId();
    await shop.purchases(
      monthly(customer, 4).map((event) => ({
        ...event,
        data: {
          ...event.data,
          lines: [{ productId: 'p', category: 'tea', quantity: 1, amountMinor: 1 }],
        },
      })),
    );
    const reading = new NowForecasts(shop.database, shop.nextPurchases);
    const readAll = async () => [
      await reading.of([customer, newId()], '2026-07-01'),
      await reading.inDetail(customer, '2026-07-01'),
    ];
    const before = await readAll();

    await shop.database.query(sql`update customers set state = null`);

    expect(await readAll()).toEqual(before);
    expect(before).toMatchObject([{ size: 1 }, { byCategory: { size: 1 } }]);
    expect(await stored(customer)).toBeNull();
  });

  it('is made by a rescoring where it is missing, and kept where it is there', async () => {
    const [ann, ben] = [newId(), newId()];
    await shop.purchases([...monthly(ann, 4), ...monthly(ben, 2)]);
    await shop.published();
    const kept = [await stored(ann), await stored(ben)];
    await shop.database.query(sql`update customers set state = null where id = ${ann}`);

    await shop.database.withTransaction((tx) => shop.refits.rescore(tx, '2026-07-01'));
    await shop.rescored();

    expect([await stored(ann), await stored(ben)]).toEqual(kept);
    expect(await shop.published()).toEqual([]);
  });

  it('goes when no order counts any more, and with erasure', async () => {
    const [ann, ben] = [newId(), newId()];
    const [bought] = monthly(ann, 1);
    if (!bought) throw new Error('One was asked for.');
    await shop.purchases([bought, ...monthly(ben, 2)]);

    await shop.purchases([revised(bought, 'PurchaseRemoved')]);
    await shop.customers([anErasure(ben)]);

    expect(await stored(ann)).toBeNull();
    expect(await stored(ben)).toBeNull();
  });
});
