import { describe, expect, it } from '@jest/globals';
import { simulateShop } from '../simulation/index.js';
import { statisticsAsOf } from '../statistics/index.js';
import { fitMbgK } from './fit-classic.js';
import { compress } from './fit-rows.js';
import { fitPopulation } from './fit-population.js';
import { sampleWeights } from './stratified-sample.js';

const day0 = 18_000;
const week = 7 * 24;
const truth = { k: 2, r: 1.5, alpha: 4, a: 0.8, b: 2 };

/** Time in hours, so that a whole unit is small against the gaps: the model's time has no days. */
const shop = (customers: number) =>
  simulateShop({
    seed: 3,
    customers,
    firstDay: day0,
    lastFirstDay: day0 + 30 * week,
    lastDay: day0 + 60 * week,
    unitDays: week,
    rate: { r: truth.r, alpha: truth.alpha },
    regularity: [{ k: truth.k, share: 1 }],
    dropOut: { a: truth.a, b: truth.b },
  }).histories;

describe('fits of simulated customers', () => {
  it('find the parameters that the customers were made of', () => {
    const statistics = statisticsAsOf(shop(8_000), day0 + 60 * week);
    const rows = compress(statistics, { unitDays: week, gaps: true });
    const { parameters, agreed } = fitMbgK(rows);

    expect(agreed).toBe(true);
    const { k, r, alpha, a, b } = parameters;
    within(k, truth.k, 0.05);
    within(r / alpha, truth.r / truth.alpha, 0.06);
    within(a / (a + b), truth.a / (truth.a + truth.b), 0.06);
    for (const name of ['r', 'alpha', 'a', 'b'] as const)
      within(parameters[name], truth[name], 0.15);
  });

  it('come from the prior without data, and leave it as data come', () => {
    const few = shop(30);
    const nobody = fitPopulation(statisticsAsOf(few, day0 - 1), { trade: 'groceries' }).parameters;
    expect((nobody.alpha / nobody.r) * nobody.unitDays).toBeCloseTo(6, 1);

    // Gaps of the truth are about 900 units long: 600 customers outweigh a firm belief in six.
    const many = fitPopulation(statisticsAsOf(shop(600), day0 + 60 * week), { trade: 'groceries' });
    expect((many.parameters.alpha / many.parameters.r) * many.parameters.unitDays).toBeGreaterThan(
      300,
    );
  });
});

describe('a stratified sample', () => {
  it('stands for everybody by its weights and misses no stratum', () => {
    const statistics = statisticsAsOf(shop(3_000), day0 + 60 * week);
    const weights = sampleWeights(statistics, 500);
    const sum = weights.reduce((total, w) => total + w, 0);
    const taken = weights.filter((w) => w > 0).length;
    expect(sum).toBeCloseTo(statistics.size, 6);
    expect(taken).toBeLessThanOrEqual(600);
    let [frequent, kept] = [0, 0];
    statistics.purchaseDays.forEach((n, i) => {
      if (n <= 8) return;
      frequent += 1;
      if ((weights[i] ?? 0) > 0) kept += 1;
    });
    expect(kept / frequent).toBeGreaterThan(taken / statistics.size);
  });
});

function within(found: number, expected: number, share: number): void {
  expect(Math.abs(found / expected - 1)).toBeLessThan(share);
}
