import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countMetrics } from './count-metrics.js';
import { dateMetrics, pinball } from './date-metrics.js';
import { probabilityMetrics } from './probability-metrics.js';
import { auc, concordance, normalisedGini, ranksOf, spearman } from './ranking.js';
import { spendMetrics } from './spend-metrics.js';

/** Few different values, so that ties are common. */
const customers = fc.array(
  fc.record({
    score: fc.integer({ min: 0, max: 6 }),
    days: fc.integer({ min: 0, max: 5 }),
  }),
  { minLength: 1, maxLength: 40 },
);

const won = (a: number, b: number): number => (a > b ? 1 : a === b ? 0.5 : 0);

describe('ranking', () => {
  it('gives equal values the mean of their places', () => {
    expect([...ranksOf(Float64Array.of(30, 10, 10, 20))]).toEqual([4, 1.5, 1.5, 3]);
  });

  it('counts AUC as over all pairs of a buyer and another', () => {
    fc.assert(
      fc.property(customers, (list) => {
        const score = Float64Array.from(list, (c) => c.score);
        const bought = Uint8Array.from(list, (c) => (c.days > 2 ? 1 : 0));
        let [sum, pairs] = [0, 0];
        for (const a of list) {
          for (const b of list) {
            if (!(a.days > 2 && b.days <= 2)) continue;
            pairs += 1;
            sum += won(a.score, b.score);
          }
        }

        const found = auc(score, bought);

        if (pairs === 0) expect(found).toBeUndefined();
        else expect(found).toBeCloseTo(sum / pairs, 12);
      }),
    );
  });

  it('counts concordance as over all pairs of one who returned and one who did later or never', () => {
    fc.assert(
      fc.property(customers, (list) => {
        let [sum, pairs] = [0, 0];
        for (const a of list) {
          for (const b of list) {
            if (a.days === 0 || (b.days !== 0 && b.days <= a.days)) continue;
            pairs += 1;
            sum += won(a.score, b.score);
          }
        }

        const found = concordance(
          Float64Array.from(list, (c) => c.score),
          Uint32Array.from(list, (c) => c.days),
        );

        if (pairs === 0) expect(found).toBeUndefined();
        else expect(found).toBeCloseTo(sum / pairs, 12);
      }),
    );
  });

  it('knows perfect, reversed and blind rankings', () => {
    const spend = Float64Array.of(0, 0, 10, 40, 50);

    expect(normalisedGini(spend, spend)).toBeCloseTo(1, 12);
    expect(normalisedGini(Float64Array.of(3, 3, 3, 3, 3), spend)).toBeCloseTo(0, 12);
    expect(spearman(Float64Array.of(5, 4, 3, 2, 1), Float64Array.of(1, 2, 3, 4, 9))).toBeCloseTo(
      -1,
      12,
    );
    expect(spearman(new Float64Array(5).fill(0.1), spend)).toBeUndefined();
  });
});

describe('probability metrics', () => {
  it('follow their definitions, with probabilities clipped for the log-loss only', () => {
    const metrics = probabilityMetrics(Float64Array.of(0, 0.25, 1), Uint8Array.of(1, 0, 1));

    expect(metrics.logLoss).toBeCloseTo(
      (-Math.log(1e-6) - Math.log(0.75) - Math.log(1 - 1e-6)) / 3,
      9,
    );
    expect(metrics.brier).toBeCloseTo((1 + 0.0625) / 3, 12);
    expect(metrics.levelRatio).toBeCloseTo(1.25 / 2, 12);
  });

  it('find intercept 0 and slope 1 for probabilities that keep their word, and slope 0.5 for over-confident ones', () => {
    const kept: [number, number][] = [0.1, 0.3, 0.6, 0.9].flatMap((p) =>
      Array.from({ length: 1000 }, (_, i): [number, number] => [p, i < 1000 * p ? 1 : 0]),
    );
    const bought = Uint8Array.from(kept, ([, y]) => y);
    const honest = probabilityMetrics(
      Float64Array.from(kept, ([p]) => p),
      bought,
    );
    const bold = probabilityMetrics(
      Float64Array.from(kept, ([p]) => p ** 2 / (p ** 2 + (1 - p) ** 2)),
      bought,
    );

    expect(honest.calibrationIntercept).toBeCloseTo(0, 6);
    expect(honest.calibrationSlope).toBeCloseTo(1, 6);
    expect(bold.calibrationSlope).toBeCloseTo(0.5, 6);
    expect(honest.reliability.map(({ customers }) => customers)).toEqual(
      Array.from({ length: 10 }, () => 400),
    );
    expect(honest.reliability[0]).toMatchObject({ predicted: expect.closeTo(0.1, 9) });
  });
});

describe('date metrics', () => {
  it('judge those who came back, and count a purchase on the edge of the window as inside', () => {
    const dates = {
      expectedDay: Int32Array.of(110, 120, 105, 130),
      windowFrom: Int32Array.of(105, 118, 101, 101),
      windowTo: Int32Array.of(117, 122, 107, 300),
    };
    const asOf = new Int32Array(4).fill(100);

    // Bought on 117, 106 and 108; the last one never came back.
    const metrics = dateMetrics(dates, asOf, Uint32Array.of(17, 6, 8, 0), [0, 1, 2, 3]);

    expect(metrics).toMatchObject({
      customers: 3,
      mae: (7 + 14 + 3) / 3,
      medianError: 7,
      within3: 1 / 3,
      within7: 2 / 3,
      within14: 1,
      window: { coverage: 1 / 3, medianWidth: 6 },
    });
    expect(dateMetrics(dates, asOf, new Uint32Array(4), [0, 1])).toBeUndefined();
  });

  it('charge a quantile more for the side that it promised to be rare', () => {
    expect(pinball(0.9, 20, 10)).toBeCloseTo(9, 12);
    expect(pinball(0.9, 10, 20)).toBeCloseTo(1, 12);
  });
});

describe('count and spend metrics', () => {
  it('tell the error per customer from the relative one', () => {
    const metrics = countMetrics(
      Float64Array.of(1, 0, 4),
      Uint32Array.of(0, 0, 8),
      Uint32Array.of(1, 1, 30),
    );

    expect(metrics).toMatchObject({
      predicted: 5,
      actual: 8,
      bias: -3 / 8,
      mae: 5 / 3,
      relativeMae: 5 / 8,
    });
    expect(metrics.rmse).toBeCloseTo(Math.sqrt(17 / 3), 12);
    expect(metrics.byFrequency).toEqual([
      { repeats: 0, customers: 2, predicted: 0.5, actual: 0 },
      { repeats: 7, customers: 1, predicted: 4, actual: 8 },
    ]);
  });

  it('say what share of the money the tenth with the highest prediction brought', () => {
    const actual = Float64Array.from({ length: 20 }, (_, i) => (i >= 18 ? 31 : 1));

    const metrics = spendMetrics(
      Float64Array.from({ length: 20 }, (_, i) => i),
      actual,
    );

    expect(metrics.topDecileShare).toBeCloseTo(62 / 80, 12);
    expect(metrics.bias).toBeCloseTo((190 - 80) / 80, 12);
  });
});
