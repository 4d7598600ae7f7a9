import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compress } from '../fitting/fit-rows.js';
import { betaGeometricObjective } from '../fitting/beta-geometric-objective.js';
import { mixtureLogLikelihood } from '../fitting/mixture-likelihood.js';
import { special } from '../special/special-functions.js';
import { emptyStatistics } from '../statistics/customer-statistics.js';
import { bgNbd } from './bg-nbd.js';
import { expectedCount } from './expected-count.js';
import { gapCdf, gapSurvival } from './gap-law.js';
import { mixtureOfOne } from './gap-mixture.js';
import { GapPosterior } from './gap-posterior.js';
import { logLikelihood } from './mbg-k.js';
import { mbgNbd } from './mbg-nbd.js';
import { weighNodes } from './regularity-prior.js';

const ln = (low: number, high: number): fc.Arbitrary<number> =>
  fc.double({ min: Math.log(low), max: Math.log(high), noNaN: true }).map(Math.exp);
const population = fc.record({ r: ln(0.1, 10), alpha: ln(0.5, 50), a: ln(0.1, 5), b: ln(0.2, 20) });
const state = fc
  .record({ x: fc.integer({ min: 0, max: 60 }), gap: ln(0.2, 20), u: ln(0.05, 60) })
  .map(({ x, gap, u }) => ({ x, tx: x * gap, T: x * gap + u, litt: x * Math.log(gap) }));

describe('the incomplete beta function', () => {
  it('is the same by our continued fraction, by sums and by the library', () => {
    fc.assert(
      fc.property(
        ln(0.05, 3000),
        fc.oneof(ln(0.2, 20), fc.integer({ min: 1, max: 18 })),
        ln(1e-6, 1e6),
        (R, k, t) => {
          const lnB = special.lnGamma(R) + special.lnGamma(k) - special.lnGamma(R + k);
          expect(gapSurvival(R, k, lnB, t)).toBeCloseTo(
            special.incompleteBeta(1 / (1 + t), R, k),
            9,
          );
          expect(gapCdf(R, k, lnB, t)).toBeCloseTo(special.incompleteBeta(t / (1 + t), k, R), 9);
          expect(gapSurvival(R, k, lnB, t) + gapCdf(R, k, lnB, t)).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  it('comes back from its inverse', () => {
    fc.assert(
      fc.property(
        ln(0.2, 200),
        ln(0.2, 20),
        // Nearer to 1 the step from one double w to the next is a larger step in y.
        fc.double({ min: 0.001, max: 0.9, noNaN: true }),
        (p, q, y) => {
          const w = special.inverseIncompleteBeta(y, p, q);
          expect(special.incompleteBeta(w, p, q)).toBeCloseTo(y, 8);
        },
      ),
    );
  });
});

describe('the default model', () => {
  it('with k = 1 is MBG/NBD', () => {
    fc.assert(
      fc.property(population, state, ln(0.5, 60), (p, s, h) => {
        const mixture = mixtureOfOne({ ...p, k: 1 });
        const posterior = new GapPosterior(mixture);
        posterior.load(s);
        const u = s.T - s.tx;
        close(logLikelihood(mixture, s), mbgNbd.logLikelihood(p, s));
        close(posterior.probabilityAlive(u), mbgNbd.probabilityAlive(p, s));
        close(posterior.purchaseProbability(u, h), mbgNbd.purchaseProbability(p, s, h));
        const count = mbgNbd.expectedCount(p, s, h);
        expect(Math.abs(expectedCount(posterior, { x: s.x, u, h }, 32) - count)).toBeLessThan(
          2e-3 * count + 1e-9,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('is the mixture with all weight on one node', () => {
    fc.assert(
      fc.property(population, state, (p, s) => {
        const nodes = weighNodes(3, 1).map(({ k }) => ({ k, weight: k === 3 ? 1 : 0 }));
        const all = logLikelihood({ ...p, nodes }, s);
        close(all, logLikelihood(mixtureOfOne({ ...p, alpha: p.alpha / 3, k: 3 }), s));
      }),
    );
  });

  it('knows less of a customer the longer he is silent, and more likely sees him the longer it waits', () => {
    fc.assert(
      fc.property(population, state, ln(0.5, 9), ln(0.2, 4), (p, s, tk, gk) => {
        const posterior = new GapPosterior({ ...p, nodes: weighNodes(tk, gk) });
        posterior.load(s);
        expect(posterior.survival(0)).toBeCloseTo(1, 12);
        close(posterior.probabilityAlive(0), (p.b + s.x) / (p.a + p.b + s.x));
        const u = s.T - s.tx;
        // Sums of the same terms in another order differ in their last digit.
        const digit = 1e-12;
        expect(posterior.probabilityAlive(2 * u)).toBeLessThanOrEqual(
          posterior.probabilityAlive(u) + digit,
        );
        const [soon, later] = [1, 10].map((h) => posterior.purchaseProbability(u, h));
        expect(later).toBeGreaterThanOrEqual((soon ?? 1) - digit);
        expect(later).toBeLessThanOrEqual(posterior.probabilityAlive(u) + digit);
        const days = [0.1, 0.5, 0.9].map((level) => posterior.quantile(level, u, 52) ?? 0);
        expect(days).toEqual([...days].sort((m, n) => m - n));
        const silence = posterior.silenceToAlive(0.2);
        // So heavy a tail that no calendar holds it still has its answer: never.
        if (silence === Infinity) expect(posterior.probabilityAlive(1e12)).toBeGreaterThan(0.2);
        else if (silence > 0) expect(posterior.probabilityAlive(silence)).toBeCloseTo(0.2, 6);
        const passed = posterior.inverse(0.3);
        if (passed === Infinity) expect(posterior.survival(1e12)).toBeGreaterThan(0.3);
        else expect(posterior.survival(passed)).toBeCloseTo(0.3, 8);
      }),
    );
  });

  it('does not depend on the unit of time', () => {
    fc.assert(
      fc.property(population, state, (p, s) => {
        const nodes = weighNodes(3, 1.5);
        const scaled = { x: s.x, tx: 7 * s.tx, T: 7 * s.T, litt: s.litt + s.x * Math.log(7) };
        const [one, other] = [p, { ...p, alpha: 7 * p.alpha }].map((q) => ({ ...q, nodes }));
        if (!one || !other) throw new Error('There are two.');
        const shift = s.x * Math.log(7);
        expect(logLikelihood(other, scaled)).toBeCloseTo(logLikelihood(one, s) - shift, 6);
        const [a, b] = [one, other].map((mixture) => new GapPosterior(mixture));
        a?.load(s);
        b?.load(scaled);
        close(b?.inverse(0.4) ?? 0, 7 * (a?.inverse(0.4) ?? 0));
      }),
    );
  });

  it('has the same likelihood customer by customer and in rows', () => {
    const statistics = emptyStatistics(3);
    const days = [[0], [0, 5, 30], [0, 7, 14, 21, 40]];
    days.forEach((own, i) => {
      statistics.purchaseDays[i] = own.length;
      statistics.lastDay[i] = own.at(-1) ?? 0;
      statistics.asOfDay[i] = 60;
      own.slice(1).forEach((d, j) => {
        statistics.sumLnGap[i] = (statistics.sumLnGap[i] ?? 0) + Math.log(d - (own[j] ?? 0));
      });
    });
    const mixture = { r: 1.2, alpha: 5, a: 0.7, b: 2, nodes: weighNodes(3, 1.5) };
    const single = days.reduce((sum, own, i) => {
      const x = own.length - 1;
      const litt = (statistics.sumLnGap[i] ?? 0) - x * Math.log(7);
      return sum + logLikelihood(mixture, { x, tx: (own.at(-1) ?? 0) / 7, T: 60 / 7, litt });
    }, 0);
    close(mixtureLogLikelihood(mixture, compress(statistics, { unitDays: 7, gaps: true })), single);
  });
});

describe.each([
  ['MBG/NBD', 1 as const, mbgNbd],
  ['BG/NBD', 0 as const, bgNbd],
])('the gradient of %s', (_, after, model) => {
  it('equals differences of its own likelihood', () => {
    fc.assert(
      fc.property(population, fc.array(state, { minLength: 1, maxLength: 5 }), (p, customers) => {
        const rows = {
          size: customers.length,
          customers: customers.length,
          weight: Float64Array.from(customers, () => 1),
          x: Uint32Array.from(customers, ({ x }) => x),
          tx: Float64Array.from(customers, ({ tx }) => tx),
          T: Float64Array.from(customers, ({ T }) => T),
          litt: Float64Array.from(customers, ({ litt }) => litt),
        };
        const point = [p.r, p.alpha, p.a, p.b].map(Math.log);
        const at = (moved: readonly number[]): number => {
          const [r = 1, alpha = 1, a = 1, b = 1] = moved.map(Math.exp);
          const sum = customers.reduce((s, c) => s + model.logLikelihood({ r, alpha, a, b }, c), 0);
          return -sum / customers.length;
        };
        const gradient: number[] = [];
        const objective = betaGeometricObjective(rows, after);
        expect(objective(point, gradient)).toBeCloseTo(at(point), 6);
        point.forEach((v, j) => {
          const by = (step: number): number => at(point.map((w, l) => (l === j ? v + step : w)));
          const difference = (by(1e-5) - by(-1e-5)) / 2e-5;
          expect(Math.abs((gradient[j] ?? 0) - difference)).toBeLessThan(
            1e-4 * (1 + Math.abs(difference)),
          );
        });
      }),
    );
  });
});

function close(found: number, expected: number): void {
  expect(Math.abs(found - expected)).toBeLessThan(1e-7 * (1 + Math.abs(expected)));
}
