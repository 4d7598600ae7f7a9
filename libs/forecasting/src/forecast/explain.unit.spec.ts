import { describe, expect, it } from '@jest/globals';
import { toEpochDay } from '@regulars/kernel';
import type { CustomerForecast } from './customer-forecast.js';
import { explain } from './explain.js';

const day = (text: string): number => toEpochDay(text);

const aForecast = (over: Partial<CustomerForecast> = {}): CustomerForecast => ({
  asOfDay: day('2026-02-22'),
  lastDay: day('2026-02-10'),
  repeats: 8,
  dueDay: day('2026-03-16'),
  dueWindow: { from: day('2026-03-09'), to: day('2026-03-24') },
  expectedDay: day('2026-03-16'),
  window: { from: day('2026-03-09'), to: day('2026-03-24') },
  probabilityAlive: 0.95,
  lostDay: day('2026-08-01'),
  lostProvisional: false,
  horizons: [30, 365].map((horizonDays) => ({
    horizonDays,
    probability: 0.91,
    rawProbability: 0.9,
    calibrated: true,
    expectedCount: 1,
    expectedSpend: 10,
  })),
  cycleDays: 34.2,
  regularity: 4,
  pRegular: 0.8,
  pNoCycle: 0,
  segment: 'regular',
  basis: 'own data',
  ...over,
});

describe('explain', () => {
  it.each([
    [
      'Buys about every 34 days, steadily; last 12 days ago; expected 16 March 2026 (9-24 March); chance to buy within 30 days 91 %.',
      {},
    ],
    [
      'Bought once; last today; no date: it would be anywhere in 9 March - 2 April',
      {
        repeats: 0,
        asOfDay: day('2026-02-10'),
        reason: 'wide-window' as const,
        window: { from: day('2026-03-09'), to: day('2026-04-02') },
      },
    ],
    [
      'Buys about every 34 days, at random; last 12 days ago; no rhythm in the gaps, so no date; remind on 16 March 2026.',
      { regularity: 1, reason: 'no-cycle' as const, remindDay: day('2026-03-16') },
    ],
    [
      'Buys about every 34 days, like clockwork; last 1 day ago; lost since 1 February 2026: silent for 1 day; chance',
      {
        regularity: 9,
        lastDay: day('2026-02-21'),
        lostDay: day('2026-02-01'),
        reason: 'lost' as const,
      },
    ],
    [
      'Bought twice; customers like this one come about every 34 days; last 12 days ago; unlikely to come back, so no date',
      { repeats: 1, reason: 'low-return' as const },
    ],
    [
      '(28 December 2026 - 4 January 2027)',
      { window: { from: day('2026-12-28'), to: day('2027-01-04') } },
    ],
  ])('says: %s', (sentence, over) => {
    expect(explain(aForecast(over))).toContain(sentence);
  });
});
