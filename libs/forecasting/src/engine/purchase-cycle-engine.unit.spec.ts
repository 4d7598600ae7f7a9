import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, daysBetween, fromEpochDay } from '@regulars/kernel';
import type { JudgedFit } from '../engine.js';
import { foldHistory, type PurchaseHistory } from '../history.js';
import { purchaseDaysOf, type PurchaseDay } from '../purchase-day.js';
import type { CompanyModel } from './company-model.js';
import { PopulationGatherer } from './population.js';
import { purchaseCycleEngine as engine } from './purchase-cycle-engine.js';

const prior = engine.open(engine.builtInPrior);
const start = 10_000;
const chance = [0, 1, 3, 90, 91, 250, 251, 252, 400, 402, 500, 501];

const daysOn = (days: readonly number[], totalMinor = 1_000): PurchaseDay[] =>
  purchaseDaysOf(days.map((day) => ({ day, totalMinor })));

function boughtOn(...days: number[]): PurchaseHistory {
  const history = foldHistory(daysOn(days));
  if (!history) throw new Error('No purchase day was given.');
  return history;
}

const stepsOf = (gap: number, times: number): number[] =>
  Array.from({ length: times }, (_, i) => start + i * gap);
const every = (gap: number, times: number): PurchaseHistory => boughtOn(...stepsOf(gap, times));

describe('under the built-in prior', () => {
  it('a steady customer is due about one cycle after the last purchase, in a narrowing window', () => {
    const width = (times: number): number => {
      const { window } = prior.forecast({ history: every(30, times) });
      return daysBetween(window?.from ?? '', window?.to ?? '');
    };
    const { dueDay, basis, predictability } = prior.forecast({ history: every(30, 10) });

    expect(daysBetween(fromEpochDay(start + 270), dueDay ?? '')).toBeGreaterThanOrEqual(27);
    expect(daysBetween(fromEpochDay(start + 270), dueDay ?? '')).toBeLessThanOrEqual(31);
    expect({ basis, predictability }).toEqual({
      basis: 'built-in prior',
      predictability: { state: 'ok' },
    });
    expect(width(12)).toBeLessThan(width(5));
  });

  it('a steady customer is believed regular, one who buys by chance gets no date', () => {
    expect(prior.forecast({ history: every(30, 10) }).pRegular).toBeGreaterThan(0.85);
    const { dueDay, predictability } = prior.forecast({ history: boughtOn(...chance) });
    expect(predictability).toEqual({ state: 'unpredictable', reason: 'no-cycle' });
    expect(dueDay).toBeUndefined();
  });

  it('a first purchase has a reminder day and a day until which the customer is new', () => {
    const forecast = prior.forecast({ history: boughtOn(start) });

    expect(forecast).toMatchObject({
      remindDay: addDays(fromEpochDay(start), 37),
      newUntilDay: addDays(fromEpochDay(start), 37),
      basis: 'built-in prior',
      predictability: { state: 'unpredictable', reason: 'wide-window' },
    });
    expect(forecast).not.toHaveProperty('gapVariation');
  });

  it('a stated cycle sets the reminder day and pulls the typical gap towards it', () => {
    const history = every(30, 6);
    const stated = prior.forecast({ history: boughtOn(...chance), statedCycleDays: 60 });
    const pulled = prior.forecast({ history, statedCycleDays: 60 }).cycleDays;

    expect(stated).toMatchObject({
      remindDay: fromEpochDay((chance.at(-1) ?? 0) + 60),
      basis: 'stated',
    });
    expect(pulled).toBeGreaterThan(prior.forecast({ history }).cycleDays + 5);
    expect(pulled).toBeLessThan(60);
  });

  it('silence moves the expected day on, never the due day, until the customer is lost', () => {
    const history = every(30, 8);
    const { dueDay, lostDay } = prior.forecast({ history });
    const after = (silence: number) => prior.forecastAsOf({ history }, history.lastDay + silence);

    expect(after(0).expectedDay).toBe(dueDay);
    const expected = [0, 10, 25, 35, 45].map((silence) => after(silence).expectedDay ?? '');
    expect(expected).toEqual([...expected].sort());
    const lostAfter = daysBetween(fromEpochDay(history.lastDay), lostDay);
    expect(after(lostAfter).predictability).toEqual({ state: 'unpredictable', reason: 'lost' });
    expect(after(lostAfter - 1).predictability).not.toMatchObject({ reason: 'lost' });
  });

  it('a purchase dated after the as-of day has no silence yet', () => {
    const history = every(30, 8);
    const early = prior.forecastAsOf({ history }, history.lastDay - 1);

    expect(early.daysSinceLastPurchase).toBe(0);
    expect((early.expectedDay ?? '') > fromEpochDay(history.lastDay)).toBe(true);
  });

  it('answers soundly for any history and silence', () => {
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 36_500 }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        days,
        fc.nat(4_000),
        fc.option(fc.integer({ min: 1, max: 3_650 })),
        (on, silence, stated) => {
          const subject = {
            history: boughtOn(...on),
            ...(stated === null ? {} : { statedCycleDays: stated }),
          };
          const known = prior.forecast(subject);
          const now = prior.forecastAsOf(subject, subject.history.lastDay + silence);
          const contact = known.dueDay ?? known.remindDay ?? '';
          const { d14, d30, d90, d365 } = now.purchaseProbability;

          expect(contact > known.lastPurchaseDay && known.lostDay > contact).toBe(true);
          expect(known.cycleDays).toBeGreaterThan(0);
          if (known.window) {
            expect(known.window.from <= contact && contact <= known.window.to).toBe(true);
          }
          expect(0 <= d14 && d14 <= d30 && d30 <= d90 && d90 <= d365 && d365 <= 1).toBe(true);
          expect(now.probabilityAlive).toBeGreaterThanOrEqual(d365);
          if (now.expectedDay) expect(now.expectedDay > now.asOf).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** Customers with gaps around 20 to 39 days, for a year; every third buys tea as well, every ten days. */
const shop = Array.from({ length: 60 }, (_, i) => {
  const gap = 20 + (i % 20);
  const first = start + i * 3;
  const days = Array.from({ length: 1 + (i % 9) }, (__, n) => first + n * gap + ((n * 7 + i) % 5));
  const tea = i % 3 === 0 ? Array.from({ length: 6 }, (__, n) => first + n * 10) : [];
  return { days, tea, spend: 1_000 + 50 * i };
});
const asOfDay = start + 400;

function fitted(people: typeof shop): JudgedFit<CompanyModel> {
  const gatherer = new PopulationGatherer();
  for (const { days, tea, spend } of people) {
    gatherer.addCustomer(daysOn([...days, ...tea], spend), 'EUR');
    if (tea.length > 0) gatherer.addCategory('tea', daysOn(tea, spend));
  }
  return engine.fit(gatherer.population(), asOfDay);
}

describe('a fit', () => {
  let fit: JudgedFit<CompanyModel>;
  beforeAll(() => {
    fit = fitted(shop);
  });

  it('is the same for customers in any order, to the last bit', () => {
    expect(fitted([...shop].reverse())).toEqual(fit);
  });

  it('survives JSON without loss', () => {
    expect(JSON.parse(JSON.stringify(fit.model))).toEqual(fit.model);
  });

  it('of a small shop is a blend, and says that there is too little to judge it by', () => {
    expect(fit.gate.verdict).toBe('not enough data');
    expect(fit.model).toMatchObject({ basis: 'blend', customers: 60 });
  });

  it('gives a category its own pace, and one that it has not seen the pace of the company', () => {
    const model = engine.open(fit.model);
    const history = boughtOn(start);
    const cycle = (category?: string): number =>
      model.forecast({ history, ...(category === undefined ? {} : { category }) }).cycleDays;

    expect(cycle('tea')).toBeLessThan(cycle());
    expect(cycle('constructor')).toBe(cycle());
    expect(model.forecast({ history: boughtOn(...chance), category: 'tea' }).basis).toBe(
      'category',
    );
  });

  it('expects spend between the own mean and that of all, per currency', () => {
    const model = engine.open(fit.model);
    const history = foldHistory(daysOn([start, start + 30], 100_000));
    if (!history) throw new Error('There are two days.');

    const value = model.expectedPurchaseValueMinor(history, 'EUR') ?? 0;
    expect(value).toBeGreaterThan(2_500);
    expect(value).toBeLessThan(100_000);
    expect(model.expectedPurchaseValueMinor(history, 'USD')).toBe(100_000);
  });
});

describe('a model that was stored as JSON', () => {
  /** The prior, with what years of purchases would have taught it. */
  const stored = (learnt: Partial<CompanyModel['company']>): CompanyModel => {
    const { company, ...rest } = engine.builtInPrior;
    return JSON.parse(
      JSON.stringify({ ...rest, company: { ...company, ...learnt } }),
    ) as CompanyModel;
  };

  it('moves dates to the days on which a customer buys, where that pays', () => {
    // Saturdays only, four or five weeks apart.
    const saturday = 10_005;
    const history = boughtOn(...[0, 28, 63, 91, 126, 154, 189].map((day) => saturday + day));
    const dueOn = (model: CompanyModel): number =>
      new Date(engine.open(model).forecast({ history }).dueDay ?? '').getUTCDay();

    expect(dueOn(stored({ snapsToWeekdays: true }))).toBe(6);
    expect(dueOn(stored({}))).not.toBe(6);
  });

  it('expects more in the high season, more after the first by the level of late, and no date moves by either', () => {
    // Early spring: he bought last on 13 February.
    const season = Array.from({ length: 52 }, (_, week) => (week >= 5 && week < 12 ? 1.5 : 0.9));
    const subject = { history: every(30, 10) };
    const asOf = (model: CompanyModel, day: number) => {
      const found = engine.open(model).forecastAsOf(subject, day);
      const { expectedPurchases, purchaseProbability, expectedDay } = found;
      const [month, year] = [expectedPurchases.d30, expectedPurchases.d365];
      return { month, afterFirst: year - purchaseProbability.d365, expectedDay };
    };
    const day = subject.history.lastDay;
    const [plain, level, inSeason] = [{}, { level: 1.2 }, { season }].map((learnt) =>
      asOf(stored(learnt), day),
    );

    expect((level?.afterFirst ?? 0) / (plain?.afterFirst ?? 0)).toBeCloseTo(1.2, 2);
    expect((level?.month ?? 0) / (plain?.month ?? 0)).toBeLessThan(1.05);
    expect((inSeason?.month ?? 0) / (plain?.month ?? 0)).toBeCloseTo(1.5, 2);
    expect(new Set([plain, level, inSeason].map((found) => found?.expectedDay)).size).toBe(1);
  });
});
