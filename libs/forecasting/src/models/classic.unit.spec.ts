import { describe, expect, it } from '@jest/globals';
import { bgNbd } from './bg-nbd.js';
import { gammaGamma } from './gamma-gamma.js';
import { mbgNbd } from './mbg-nbd.js';
import { lnA0, paretoNbd } from './pareto-nbd.js';

/** Published values, weeks: parameters with three digits where a source used them, else with more. */
const bg = { r: 0.2425945, alpha: 4.4136019, a: 0.7929199, b: 2.4258881 };
const bg3 = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
const mbg = { r: 0.5248, alpha: 6.1831, a: 0.8914, b: 1.614 };
const pareto = { r: 0.5533, alpha: 10.5777, s: 0.6062, beta: 11.6687 };
const pareto3 = { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 };
const repeater = { x: 2, tx: 30.43, T: 38.86 };
const oneTime = { x: 0, tx: 0, T: 38.86 };

describe('BG/NBD', () => {
  it('has the published expectations', () => {
    expect(bgNbd.expectedCount(bg, repeater, 39)).toBeCloseTo(1.2259, 3);
    expect(bgNbd.probabilityAlive(bg, repeater)).toBeCloseTo(0.7266, 3);
    expect(bgNbd.expectedCount(bg, oneTime, 39)).toBeCloseTo(0.1948, 3);
    expect(bgNbd.probabilityAlive(bg, oneTime)).toBe(1);
  });

  it.each([
    [0.1429, 0.0078],
    [1, 0.0532],
    [3, 0.1506],
    [31.8571, 1.0405],
    [32, 1.0437],
    [78, 1.8576],
  ])('expects of a new customer within %f weeks %f repeats', (t, repeats) => {
    expect(Math.abs(bgNbd.expectedRepeats(bg, t) - repeats)).toBeLessThan(1e-3);
  });

  it('has the published distribution of counts', () => {
    close(bgNbd.countProbability(bg3, 2, 10), 1.07869e-7, 1e-5);
    close(bgNbd.countProbability(bg3, 39, 0), 0.5737864, 1e-6);
    const published = [
      0.0019995214, 0.0015170236, 0.001163315, 0.0009003148, 0.0007023638, 0.0005517902,
      0.0004361913, 0.0003467171, 0.0002769613, 0.000222226,
    ];
    published.forEach((p, i) => {
      close(bgNbd.countProbability(bg3, 30, 11 + i), p, 1e-6);
    });
  });

  it.each([
    [26, 30.857, 31, 0.710623],
    [29, 37.714, 38, 0.662396],
    [17, 28.429, 28.857, 0.486526],
    [19, 34, 34.143, 0.474738],
    [18, 35.143, 35.857, 0.424877],
  ])('expects of the best customer (%d, %f, %f) %f purchases in a week', (x, tx, T, count) => {
    expect(Math.abs(bgNbd.expectedCount(bg, { x, tx, T }, 1) - count)).toBeLessThan(2e-4);
  });

  it('stays finite where the textbook form overflows, and where a + b is below 1', () => {
    const frequent = bgNbd.expectedCount(bg, { x: 5000, tx: 38, T: 38 }, 39);
    expect(frequent).toBeGreaterThan(1000);
    const small = { ...bg, a: 0.2, b: 0.3 };
    expect(bgNbd.expectedCount(small, oneTime, 39)).toBeGreaterThan(0);
    expect(bgNbd.expectedRepeats(small, 39)).toBeGreaterThan(0);
  });

  it('passes a = 1 without a jump', () => {
    const at = (a: number) => bgNbd.expectedCount({ ...bg, a }, repeater, 39);
    close(at(1), at(1.00001), 1e-4);
    close(at(1), at(0.99999), 1e-4);
  });
});

describe('MBG/NBD', () => {
  it('has the published expectations', () => {
    expect(mbgNbd.expectedCount(mbg, repeater, 39)).toBeCloseTo(1.2626, 3);
    expect(mbgNbd.probabilityAlive(mbg, repeater)).toBeCloseTo(0.7061, 3);
    expect(mbgNbd.expectedCount(mbg, oneTime, 39)).toBeCloseTo(0.1539, 3);
    expect(mbgNbd.probabilityAlive(mbg, oneTime)).toBeCloseTo(0.39, 3);
  });

  it('expects of a new customer what a customer with no history is expected to do', () => {
    const fresh = { x: 0, tx: 0, T: 0 };
    close(mbgNbd.expectedRepeats(mbg, 39), mbgNbd.expectedCount(mbg, fresh, 39), 1e-9);
  });
});

describe('Pareto/NBD', () => {
  it('has the published expectations', () => {
    const best = { x: 26, tx: 30.86, T: 31 };
    expect(Math.abs(paretoNbd.expectedCount(pareto3, best, 52) - 25.46)).toBeLessThan(1e-2);
    expect(paretoNbd.probabilityAlive(pareto3, best)).toBeCloseTo(0.9979, 3);
    expect(paretoNbd.expectedCount(pareto, oneTime, 39)).toBeCloseTo(0.1071, 3);
    expect(paretoNbd.probabilityAlive(pareto, oneTime)).toBeCloseTo(0.295, 3);
  });

  it('has the published growth of a new customer', () => {
    const exact = [
      0, 0.05097984, 0.0995754, 0.14606119, 0.19066383, 0.23357292, 0.2749489, 0.31492889,
      0.35363118, 0.39115858,
    ];
    const printed = [
      0, 0.05077821, 0.09916088, 0.14542507, 0.1897993, 0.23247466, 0.27361274, 0.31335159,
      0.35181024, 0.38909211,
    ];
    exact.forEach((repeats, t) => {
      expect(Math.abs(paretoNbd.expectedRepeats(pareto3, t) - repeats)).toBeLessThan(1e-7);
      expect(Math.abs(paretoNbd.expectedRepeats(pareto3, t) - (printed[t] ?? 0))).toBeLessThan(
        0.01,
      );
    });
  });

  it.each([
    [132, 6.2060518],
    [133, 6.2528722],
  ])('does not underflow at %d purchases', (x, count) => {
    const p = { r: 0.55, alpha: 10.58, s: 0.61, beta: 11.67 };
    close(paretoNbd.expectedCount(p, { x, tx: 200, T: 200 }, 10), count, 1e-6);
  });

  it.each([
    [400, 5, 6, -667.99],
    [500, 1, 37, -9.4766],
    [500, 4, 37, -715.06],
  ])('does not overflow in its integral at %d purchases', (x, tx, T, expected) => {
    const p = { r: 10.465, alpha: 0.00798565, s: 3.0516, beta: 2.82 };
    close(lnA0(p, { x, tx, T }), expected, 1e-4);
  });

  it.each([
    [221, 103.42857, 103.57143, 0.9996],
    [254, 97.14286, 97.28571, 0.99956],
    [161, 94.71429, 98, 0.74949],
    [204, 98.57143, 99.42857, 0.99426],
  ])('knows whether a very frequent customer is alive (%d)', (x, tx, T, alive) => {
    const p = { r: 0.5143, alpha: 2.8845, s: 0.2856, beta: 14.1087 };
    expect(paretoNbd.probabilityAlive(p, { x, tx, T })).toBeCloseTo(alive, 4);
  });

  it('passes alpha = beta and s = 1 without a jump', () => {
    const at = (change: Partial<typeof pareto>) =>
      paretoNbd.logLikelihood({ ...pareto, ...change }, repeater);
    close(at({ beta: pareto.alpha }), at({ beta: pareto.alpha + 1e-7 }), 1e-6);
    const count = (s: number) => paretoNbd.expectedCount({ ...pareto, s }, repeater, 39);
    close(count(1), count(1.00001), 1e-4);
  });
});

describe('Gamma-Gamma', () => {
  const p = { p: 6.2488, q: 3.7446, v: 15.4477 };

  it.each([
    [2, 22.345, 24.65],
    [1, 11.77, 18.91],
    [0, 0, 35.17],
    [7, 73.74, 71.46],
    [2, 25.55, 27.28],
  ])('expects after %d purchases of %f on average %f', (x, m, expected) => {
    expect(Math.abs(gammaGamma.expectedSpend(p, x, m) - expected)).toBeLessThan(0.01);
  });
});

function close(found: number, expected: number, relative: number): void {
  expect(Math.abs(found / expected - 1)).toBeLessThan(relative);
}
