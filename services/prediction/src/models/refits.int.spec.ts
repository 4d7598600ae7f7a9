import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addDays, newId } from '@regulars/kernel';
import type { GateVerdict } from '@regulars/forecasting';
import { sql } from '@regulars/persistence';
import { aProduct, aPurchase, forecastsIn, openShop, type Shop } from '../shop.kit.spec.js';
import { engine } from './engine.js';
import { modelsStore } from './models.store.js';
import { readPopulation } from './read-population.use-case.js';
import { rescoringsStore } from './rescorings.store.js';
import { statedCyclesStore } from './stated-cycles.store.js';

const TODAY = '2026-07-01';

/** Forty customers with two to six purchases, 20 to 24 days apart, named by their external number. */
const crowd = Array.from({ length: 40 }, (_, number) => ({
  number,
  days: Array.from({ length: 2 + (number % 5) }, (_, i) =>
    addDays('2026-01-01', number + i * (20 + (number % 5))),
  ),
}));

/** Posts the crowd in an order of its own, under ids of its own; answers the number of each id. */
async function fill(shop: Shop, order: 'forwards' | 'backwards'): Promise<Map<string, number>> {
  const people = order === 'forwards' ? crowd : [...crowd].reverse();
  const numbers = new Map<string, number>();
  for (const { number, days } of people) {
    const id = newId();
    numbers.set(id, number);
    await shop.purchases(
      days.map((purchaseDay) =>
        aPurchase(id, {
          purchaseDay,
          totalMinor: 1_000 + number,
          lines: [
            {
              productId: `p${String(number % 3)}`,
              category: 'coffee',
              quantity: 1,
              amountMinor: 1_000,
            },
          ],
        }),
      ),
    );
  }
  await shop.published();
  return numbers;
}

describe('a refit', () => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await openShop(TODAY);
  });
  afterEach(() => shop.database.drop());

  const refit = (of: Shop, asOf = TODAY) =>
    of.database.withTransaction((tx) => of.refits.refit(tx, asOf));

  it('gives every customer a forecast under the new model, in bounded steps, and then rests', async () => {
    const numbers = await fill(shop, 'forwards');
    const run = await refit(shop);

    const steps = await shop.rescored();

    const published = forecastsIn(await shop.published());
    expect(published.map(({ customerId }) => customerId).sort()).toEqual(
      [...numbers.keys()].sort(),
    );
    expect(published.every(({ cause }) => cause === 'refit')).toBe(true);
    const walk = await rescoringsStore(shop.database).byId(run.id);
    expect(walk?.modelVersion).not.toBe(run.modelVersion);
    expect(published.every(({ modelVersion }) => modelVersion === walk?.modelVersion)).toBe(true);
    expect(steps).toBe(2);
    expect(walk).toMatchObject({
      state: 'done',
      customers: 40,
      changed: 40,
    });
    expect(await shop.rescored()).toBe(0);
  });

  it('keeps the position of the last purchase that each forecast answers', async () => {
    const id = newId();
    const event = aPurchase(id, { purchaseDay: '2026-05-01' });
    await shop.purchases([event]);
    await shop.published();
    await refit(shop);
    await shop.rescored();

    const [forecast] = forecastsIn(await shop.published());

    expect(forecast?.basedOn).toEqual({
      lastPurchaseDay: '2026-05-01',
      purchaseCount: 1,
      epoch: 1,
      sequence: event.sequence,
    });
  });

  it('of the same purchases is the same one: nobody gets another forecast', async () => {
    await fill(shop, 'forwards');
    const first = await refit(shop);
    await shop.rescored();
    await shop.published();

    const second = await refit(shop);
    await shop.rescored();

    expect(await shop.published()).toEqual([]);
    const store = rescoringsStore(shop.database);
    expect(await store.byId(second.id)).toMatchObject({
      modelVersion: (await store.byId(first.id))?.modelVersion,
      changed: 0,
    });
  });

  it('gives two shops with the same purchases bit-identical forecasts, whatever their ids and order', async () => {
    const other = await openShop(TODAY);
    const answers = [];
    for (const [place, order] of [
      [shop, 'forwards'],
      [other, 'backwards'],
    ] as const) {
      const numbers = await fill(place, order);
      await refit(place);
      await place.rescored();
      const published = forecastsIn(await place.published());
      answers.push(
        published
          .map(({ customerId, basedOn: _, cycle: __, ...rest }) => ({
            ...rest,
            number: numbers.get(customerId) ?? -1,
          }))
          .sort((a, b) => a.number - b.number),
      );
    }
    await other.database.drop();

    expect(answers[0]).toHaveLength(40);
    expect(answers[1]).toEqual(answers[0]);
  });

  it('sees no purchase after its day', async () => {
    await fill(shop, 'forwards');
    await refit(shop, '2026-01-31');
    await shop.rescored();

    const seen = crowd.flatMap(({ days }) => days.filter((day) => day <= '2026-01-31'));
    expect(await modelsStore(shop.database).newestFit()).toMatchObject({
      purchaseDays: seen.length,
      fittedAsOf: '2026-01-31',
    });
  });

  it('of a large company reads a sample, and knows how large it is', async () => {
    await fill(shop, 'forwards');

    const read = await readPopulation(shop.database, TODAY, 10);

    expect(read.population.company.size).toBe(10);
    expect(read.customers).toBe(40);
    expect(read.purchaseDays).toBe(4 * read.population.company.days.length);
  });

  it('overtakes a walk that is under way, and purchases meanwhile get the newest model', async () => {
    await fill(shop, 'forwards');
    const first = await refit(shop, '2026-02-01');
    const second = await refit(shop);
    const late = newId();
    await shop.fitted();
    await shop.purchases([aPurchase(late, { purchaseDay: '2026-06-20' })]);

    const { modelVersion } = (await rescoringsStore(shop.database).byId(second.id)) ?? second;
    expect(modelVersion).not.toBe(first.modelVersion);
    expect(forecastsIn(await shop.published())).toMatchObject([{ customerId: late, modelVersion }]);
    await shop.rescored();
    expect(await rescoringsStore(shop.database).byId(first.id)).toMatchObject({
      state: 'superseded',
    });
    expect(await rescoringsStore(shop.database).byId(second.id)).toMatchObject({ customers: 41 });
  });
});

describe('a fit that is awaited', () => {
  const seen = { customers: 40, purchaseDays: 160 };
  let shop: Shop;
  beforeEach(async () => {
    shop = await openShop(TODAY);
    await fill(shop, 'forwards');
  });
  afterEach(() => shop.database.drop());

  it('is handed on to the walk that stated cycles start meanwhile', async () => {
    const { database, refits } = shop;
    const first = await database.withTransaction((tx) => refits.refit(tx, '2026-05-31'));
    const second = await database.withTransaction((tx) => refits.rescore(tx, TODAY));

    await shop.rescored();

    const store = rescoringsStore(database);
    expect(await store.byId(first.id)).toMatchObject({ state: 'superseded' });
    expect(await store.byId(second.id)).toMatchObject({
      state: 'done',
      asOf: '2026-05-31',
      modelVersion: expect.not.stringContaining('prior'),
    });
  });

  it('is dropped when a newer one is asked for before it is in', async () => {
    const { database, refits } = shop;
    const first = await database.withTransaction((tx) => refits.refit(tx, TODAY));
    await database.withTransaction((tx) => refits.refit(tx, TODAY));

    const fit = {
      model: engine.builtInPrior,
      gate: { verdict: 'pass', origins: [], buyers: 0, checks: [] },
    } as const;
    await database.withTransaction((tx) => refits.adopt(tx, first.id, fit, seen));

    expect(await modelsStore(database).newestFit()).toBeUndefined();
  });

  it('is kept as a candidate when it fails its gate, and the proven version stays', async () => {
    const { database, refits } = shop;
    const judged = async (verdict: GateVerdict, name: string) => {
      const run = await database.withTransaction((tx) => refits.refit(tx, TODAY));
      const model = { ...engine.builtInPrior, version: `purchase-cycle/${name}` };
      const gate = { verdict, origins: [], buyers: 300, checks: [] };
      await database.withTransaction((tx) => refits.adopt(tx, run.id, { model, gate }, seen));
      return modelsStore(database).activeVersion();
    };

    expect(await judged('not enough data', 'small')).toBe('purchase-cycle/small');
    expect(await judged('fail', 'bad')).toBe('purchase-cycle/small');
    expect(await judged('pass', 'good')).toBe('purchase-cycle/good');
    expect(await judged('fail', 'worse')).toBe('purchase-cycle/good');
    expect(await judged('not enough data', 'thin')).toBe('purchase-cycle/good');
    expect(await modelsStore(database).page(undefined, 10)).toHaveLength(5);
    expect(await modelsStore(database).newestFit()).toMatchObject({ ...seen, failures: 0 });
    await judged('fail', 'once');
    await judged('fail', 'twice');
    expect(await modelsStore(database).newestFit()).toMatchObject({ failures: 2 });
  });
});

describe('stated cycles', () => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await openShop(TODAY);
  });
  afterEach(() => shop.database.drop());

  const bought = (productId: string, quantity = 1) => [
    { productId, category: 'coffee', quantity, amountMinor: 900 },
  ];

  it('of the catalogue reach those who bought the product, by a rescoring', async () => {
    const customer = newId();
    await shop.purchases([aPurchase(customer, { purchaseDay: TODAY, lines: bought('beans', 2) })]);
    await shop.published();

    await shop.products([aProduct('beans', { consumedInDays: 30 })]);
    await shop.rescored();

    const [forecast] = forecastsIn(await shop.published());
    expect(forecast).toMatchObject({ cause: 'refit', cycleDays: 60, basis: 'stated' });
  });

  it('that stay the same set nothing in motion; a product that goes takes its cycle along', async () => {
    await shop.products([aProduct('beans', { statedCycleDays: 30 })]);
    expect(await shop.rescored()).toBeGreaterThan(0);

    await shop.products([aProduct('beans', { statedCycleDays: 30, titles: { en: 'Beans' } })]);
    expect(await shop.rescored()).toBe(0);

    const { id, version, epoch, sequence, key } = aProduct('beans', {});
    await shop.products([
      { id, version, epoch, sequence, key, stream: 'product', type: 'Tombstone' },
    ]);
    expect(await shop.rescored()).toBeGreaterThan(0);
  });

  it('are taken from the product first, then its category, then for all', async () => {
    await statedCyclesStore(shop.database).replaceAll([
      { scope: 'all', code: '', days: 90 },
      { scope: 'category', code: 'coffee', days: 45 },
      { scope: 'product', code: 'beans', days: 20 },
    ]);
    const [beans, other, none] = [newId(), newId(), newId()];

    await shop.purchases([
      aPurchase(beans, { purchaseDay: TODAY, lines: bought('beans') }),
      aPurchase(other, { purchaseDay: TODAY, lines: bought('filter') }),
      aPurchase(none, { purchaseDay: TODAY }),
    ]);

    const cycles = forecastsIn(await shop.published()).map((f) => [f.customerId, f.cycleDays]);
    expect(new Map(cycles as [string, number][])).toEqual(
      new Map([
        [beans, 20],
        [other, 45],
        [none, 90],
      ]),
    );
  });
});

describe('growth', () => {
  it('asks for a refit once a hundred customers are new, not before', async () => {
    const shop = await openShop(TODAY);
    const due = () => shop.database.query(sql`select key from timers where kind = 'refit'`);
    const strangers = (n: number) =>
      Array.from({ length: n }, () => aPurchase(newId(), { purchaseDay: TODAY }));

    await shop.purchases(strangers(99));
    expect(await due()).toEqual([]);
    await shop.purchases(strangers(1));
    expect(await due()).toEqual([{ key: 'growth' }]);
    await shop.database.drop();
  });
});
