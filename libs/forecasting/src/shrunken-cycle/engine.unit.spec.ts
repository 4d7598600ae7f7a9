import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, daysBetween, fromEpochDay } from '@regulars/kernel';
import { defaultSettings, type Subject } from '../engine.js';
import { foldHistory, type PurchaseHistory } from '../history.js';
import { PopulationSample } from '../population-sample.js';
import { purchaseDaysOf } from '../purchase-day.js';
import { shrunkenCycleEngine as engine } from './engine.js';

const prior = engine.builtInPrior;
const start = 10_000;

function boughtOn(...days: number[]): PurchaseHistory {
  const history = foldHistory(purchaseDaysOf(days.map((day) => ({ day, totalMinor: 1000 }))));
  if (!history) throw new Error('No purchase day was given.');
  return history;
}

const every = (gap: number, times: number): PurchaseHistory =>
  boughtOn(...Array.from({ length: times }, (_, i) => start + i * gap));

const forecast = (subject: Subject, model = prior) =>
  engine.forecast(subject, model, defaultSettings);
const asOf = (subject: Subject, day: number, model = prior) =>
  engine.forecastAsOf(subject, model, defaultSettings, day);

describe('a customer with a steady cycle', () => {
  it('is due about one cycle after the last purchase', () => {
    const history = every(30, 8);

    const { dueDay, window, basis, predictability } = forecast({ history });

    const silence = daysBetween(fromEpochDay(history.lastDay), dueDay ?? '');
    expect(silence).toBeGreaterThanOrEqual(28);
    expect(silence).toBeLessThanOrEqual(33);
    expect(window?.probability).toBe(0.8);
    expect(basis).toBe('built-in prior');
    expect(predictability).toEqual({ state: 'ok' });
  });

  it('gets a narrower window with every purchase', () => {
    const widths = [3, 6, 12, 24].map((times) => {
      const { window } = forecast({ history: every(30, times) });
      return daysBetween(window?.from ?? '', window?.to ?? '');
    });

    expect(widths).toEqual([...widths].sort((a, b) => b - a));
    expect(widths[3]).toBeLessThan(30);
  });

  it('is believed to be regular, and a chance buyer is not', () => {
    const steady = forecast({ history: every(30, 10) });
    const chance = forecast({ history: boughtOn(0, 1, 3, 90, 91, 250, 251, 252, 400) });

    expect(steady.pRegular).toBeGreaterThan(0.85);
    expect(chance.pNoCycle).toBeGreaterThan(0.8);
    expect(chance.predictability).toEqual({ state: 'unpredictable', reason: 'no-cycle' });
  });
});

describe('a customer who has bought once', () => {
  it('has no date under the broad prior, but a reminder day and a day until which he is new', () => {
    const { dueDay, remindDay, newUntilDay, basis, predictability } = forecast({
      history: boughtOn(start),
    });

    expect(dueDay).toBeUndefined();
    expect(predictability).toEqual({ state: 'unpredictable', reason: 'wide-window' });
    expect(remindDay).toBe(addDays(fromEpochDay(start), 45));
    expect(basis).toBe('built-in prior');
    expect(newUntilDay).toBeDefined();
  });

  it('gets the date of a stated cycle', () => {
    const { dueDay, basis } = forecast({ history: boughtOn(start), statedCycleDays: 30 });

    expect(daysBetween(fromEpochDay(start), dueDay ?? '')).toBeGreaterThanOrEqual(28);
    expect(daysBetween(fromEpochDay(start), dueDay ?? '')).toBeLessThanOrEqual(30);
    expect(basis).toBe('stated');
  });
});

describe('a stated cycle', () => {
  it('pulls like five observed gaps', () => {
    const cycle = (statedCycleDays?: number) =>
      forecast({
        history: every(30, 6),
        ...(statedCycleDays === undefined ? {} : { statedCycleDays }),
      }).cycleDays;

    expect(cycle(120)).toBeCloseTo(Math.sqrt(30 * 120), 1);
    expect(cycle(30)).toBeCloseTo(30, 2);
  });

  it('sets the reminder day where no date can be given', () => {
    const history = boughtOn(0, 1, 3, 90, 91, 250, 251, 252, 400);

    const { remindDay, basis } = forecast({ history, statedCycleDays: 60 });

    expect(remindDay).toBe(fromEpochDay(460));
    expect(basis).toBe('stated');
  });

  it('may be longer than the horizon', () => {
    const { cycleDays, lostDay } = forecast({ history: boughtOn(start), statedCycleDays: 730 });

    expect(cycleDays).toBe(730);
    expect(daysBetween(fromEpochDay(start), lostDay)).toBeGreaterThanOrEqual(1460);
  });
});

describe('silence', () => {
  it('moves the expected day away and never the due day', () => {
    const history = every(30, 8);
    const { dueDay, lostDay } = forecast({ history });
    const days = [0, 10, 25, 35, 45].map((silence) => asOf({ history }, history.lastDay + silence));

    const expected = days.map((day) => day.expectedDay ?? '');
    expect(expected[0]).toBe(dueDay);
    expect(expected).toEqual([...expected].sort());
    expect(new Set(expected).size).toBeGreaterThan(2);
    expect(daysBetween(dueDay ?? '', lostDay)).toBeGreaterThan(0);
  });

  it('ends in "lost" on the lost day, not a day before', () => {
    const history = every(30, 8);
    const lostAfter = daysBetween(fromEpochDay(history.lastDay), forecast({ history }).lostDay);
    const reason = (silence: number) => asOf({ history }, history.lastDay + silence).predictability;

    expect(reason(lostAfter - 1)).not.toEqual({ state: 'unpredictable', reason: 'lost' });
    expect(reason(lostAfter)).toEqual({ state: 'unpredictable', reason: 'lost' });
  });

  it('lowers the belief in being alive', () => {
    const history = every(30, 8);
    const alive = [0, 30, 60, 120, 500].map(
      (silence) => asOf({ history }, history.lastDay + silence).probabilityAlive,
    );

    expect(alive).toEqual([...alive].sort((a, b) => b - a));
  });
});

describe('a fit', () => {
  const sampleOf = (histories: readonly number[][]) => {
    const sample = new PopulationSample();
    for (const days of histories) {
      const purchases = purchaseDaysOf(days.map((day) => ({ day, totalMinor: 2000 })));
      sample.addCustomer(purchases, 'EUR');
      sample.addCategory('coffee', purchases);
    }
    return sample;
  };
  const shop = Array.from({ length: 300 }, (_, c) =>
    Array.from({ length: 2 + (c % 6) }, (_, i) => start + c + i * (20 + (c % 5))),
  );

  it('learns the pace of the shop', () => {
    const model = engine.fit(sampleOf(shop), start + 800);

    expect(Math.exp(model.company.meanLnGap)).toBeGreaterThan(20);
    expect(Math.exp(model.company.meanLnGap)).toBeLessThan(26);
    expect(model.company.withinVariance).toBeLessThan(0.05);
    expect(model.company.medianGapDays).toBe(22);
    expect(model).toMatchObject({ basis: 'own data', customers: 300, repeatCustomers: 300 });
    expect(model.meanSpendMinor).toEqual({ EUR: 2000 });
  });

  it('then dates even a single purchase', () => {
    const model = engine.fit(sampleOf(shop), start + 800);

    const { dueDay } = forecast({ history: boughtOn(start) }, model);

    expect(daysBetween(fromEpochDay(start), dueDay ?? '')).toBeGreaterThan(15);
    expect(daysBetween(fromEpochDay(start), dueDay ?? '')).toBeLessThan(30);
  });

  it('is the same for every order of customers, down to its name', () => {
    const forwards = engine.fit(sampleOf(shop), start + 800);
    const backwards = engine.fit(sampleOf([...shop].reverse()), start + 800);

    expect(backwards).toEqual(forwards);
    expect(forwards.version).toMatch(/^[A-Za-z0-9._:/-]{1,64}$/);
  });

  it('survives JSON without loss', () => {
    const model = engine.fit(sampleOf(shop), start + 800);

    expect(JSON.parse(JSON.stringify(model))).toEqual(model);
  });

  it('of nothing is the built-in prior', () => {
    const model = engine.fit(new PopulationSample(), start);

    expect(model.basis).toBe('built-in prior');
    expect(forecast({ history: boughtOn(start) }, model)).toEqual(
      forecast({ history: boughtOn(start) }),
    );
  });
});

describe('whatever the history', () => {
  const daysOfLife = fc.uniqueArray(fc.integer({ min: 0, max: 12_000 }), {
    minLength: 1,
    maxLength: 120,
  });
  const stated = fc.option(fc.integer({ min: 1, max: 3650 }), { nil: undefined });

  it('dates are ordered, finite, and the lost day is the last of them', () => {
    fc.assert(
      fc.property(daysOfLife, stated, (days, statedCycleDays) => {
        const history = boughtOn(...days);
        const made = forecast({
          history,
          ...(statedCycleDays === undefined ? {} : { statedCycleDays }),
        });
        const contact = made.dueDay ?? made.remindDay ?? '';

        expect(contact > made.lastPurchaseDay).toBe(true);
        expect(made.lostDay > contact).toBe(true);
        expect((made.dueDay === undefined) === (made.remindDay !== undefined)).toBe(true);
        if (made.window) {
          expect(made.window.from <= contact && contact <= made.window.to).toBe(true);
          expect(made.window.from > made.lastPurchaseDay).toBe(true);
        }
        expectNoNaN(made);
      }),
    );
  });

  it('chances rise with the horizon, stay below the belief in being alive, and are numbers after any silence', () => {
    fc.assert(
      fc.property(daysOfLife, fc.integer({ min: -2, max: 20_000 }), (days, silence) => {
        const history = boughtOn(...days);
        const now = asOf({ history }, history.lastDay + silence);
        const { d14, d30, d90, d365 } = now.purchaseProbability;

        expect([d14, d30, d90, d365]).toEqual([d14, d30, d90, d365].sort((a, b) => a - b));
        expect(d365).toBeLessThanOrEqual(now.probabilityAlive + 1e-4);
        if (now.expectedDay !== undefined && now.windowNow) {
          expect(now.expectedDay > now.asOf || silence < 0).toBe(true);
          expect(now.windowNow.from <= now.expectedDay).toBe(true);
          expect(now.expectedDay <= now.windowNow.to).toBe(true);
        }
        expectNoNaN(now);
      }),
    );
  });

  it('holds for five thousand daily purchases', () => {
    const made = forecast({ history: every(1, 5000) });

    expectNoNaN(made);
    expect(daysBetween(made.lastPurchaseDay, made.lostDay)).toBe(28);
  });
});

function expectNoNaN(value: object): void {
  expect(JSON.stringify(value)).not.toMatch(/null|NaN|Invalid/);
}
