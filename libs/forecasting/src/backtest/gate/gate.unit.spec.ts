import { describe, expect, it } from '@jest/globals';
import { logisticRfm } from '../../baselines/index.js';
import { toEpochDay } from '@regulars/kernel';
import type { FittedForecaster, Forecaster, Scores } from '../../forecaster.js';
import { simulateShop } from '../../simulation/index.js';
import { KnownHistory, type CustomerStatistics } from '../../statistics/index.js';
import { judgeCandidate, type GateReport } from './judge-candidate.js';
import { pairedBootstrap } from './paired-bootstrap.js';

const { histories } = simulateShop({
  seed: 5,
  customers: 1500,
  firstDay: 19_000,
  lastFirstDay: 19_500,
  lastDay: 19_800,
  unitDays: 7,
  rate: { r: 2, alpha: 8 },
  regularity: [{ k: 2, share: 1 }],
  dropOut: { a: 1, b: 5 },
});

/** Logistic RFM with its probabilities bent, and the middle of a wide window as date. */
function candidate(bend: (p: number) => number, daysAhead = 30): Forecaster {
  return {
    name: 'candidate',
    fit: (known, horizons): FittedForecaster => {
      const inner = logisticRfm.fit(known, horizons);
      return {
        score: (statistics) => {
          const scores = inner.score(statistics);
          return {
            horizons: (scores.horizons ?? []).map((own) => ({
              ...own,
              ...(own.probability && { probability: own.probability.map(bend) }),
            })),
            dates: { expectedDay: statistics.asOfDay.map((day) => day + daysAhead) },
          };
        },
      };
    },
  };
}

/** Probabilities moved towards what came. */
function sharpened({ horizons = [] }: Scores, statistics: CustomerStatistics): Scores {
  const known = new KnownHistory(histories, 19_800);
  return {
    horizons: horizons.map((own) => {
      const { count } = known.outcomes(statistics, own.horizonDays);
      const sharper = own.probability?.map((p, row) => 0.9 * p + ((count[row] ?? 0) > 0 ? 0.1 : 0));
      return { ...own, ...(sharper && { probability: sharper }) };
    }),
  };
}

const failed = ({ checks }: GateReport): string[] =>
  checks.filter(({ passed }) => !passed).map(({ name }) => name);

describe('judgeCandidate', () => {
  it('passes what is as good as its opponents', () => {
    const report = judgeCandidate(histories, {
      candidate: candidate((p) => p),
      active: { forecaster: logisticRfm, asOfDay: 0 },
    });

    expect(failed(report)).toEqual([]);
    expect(report.verdict).toBe('pass');
    expect(report.checks.map(({ name }) => name)).toEqual([
      'log-loss 30 d against logistic RFM',
      'log-loss 30 d against the active version',
      'sum P / buyers 30 d',
      'log-loss 90 d against logistic RFM',
      'log-loss 90 d against the active version',
      'sum P / buyers 90 d',
      'date error against max(last + mean gap, now)',
      'calibration slope 30 d',
      'calibration slope 90 d',
    ]);
  });

  it('lets a difference pass that chance alone could make', () => {
    const bent = judgeCandidate(histories, { candidate: candidate((p) => 0.98 * p) });

    const logLoss = bent.checks.find(({ name }) => name.startsWith('log-loss 90 d'));
    expect(logLoss).toMatchObject({ passed: true });
    expect(logLoss?.low).toBeLessThan(0);
    expect(logLoss?.high).toBeGreaterThan(0);
  });

  it('refuses bent probabilities by what they cost, and says which checks failed', () => {
    const halved = judgeCandidate(histories, { candidate: candidate((p) => p / 2) });

    expect(halved.verdict).toBe('fail');
    expect(failed(halved)).toEqual(
      expect.arrayContaining(['log-loss 90 d against logistic RFM', 'sum P / buyers 90 d']),
    );
  });

  it('refuses dates that a rule of thumb beats', () => {
    const late = judgeCandidate(histories, { candidate: candidate((p) => p, 170) });

    expect(failed(late)).toEqual(['date error against max(last + mean gap, now)']);
  });

  it('refuses what is clearly worse than the version in use, though better than the plain rules', () => {
    // The plain rule, made wiser by what it cannot know: that is what another version would have to beat.
    const wise: Forecaster = {
      name: 'wise',
      fit: (known, horizons) => {
        const inner = logisticRfm.fit(known, horizons);
        return { score: (statistics) => sharpened(inner.score(statistics), statistics) };
      },
    };
    const against = (asOfDay: number): GateReport =>
      judgeCandidate(histories, {
        candidate: candidate((p) => p),
        active: { forecaster: wise, asOfDay },
      });

    expect(failed(against(0))).toEqual([
      'log-loss 30 d against the active version',
      'log-loss 90 d against the active version',
    ]);
    // A version that has seen all these days would recite them.
    expect(against(19_800).verdict).toBe('pass');
  });

  it('compares with the version in use on the days alone that it had not seen', () => {
    const newest = toEpochDay(
      judgeCandidate(histories, { candidate: logisticRfm }).origins.at(-1) ?? '',
    );
    const wasBad: Forecaster = {
      name: 'was bad',
      fit: (known, horizons) =>
        (known.untilDay < newest ? candidate((p) => p / 2) : logisticRfm).fit(known, horizons),
    };
    const { checks } = judgeCandidate(histories, {
      candidate: wasBad,
      active: { forecaster: logisticRfm, asOfDay: newest },
    });

    const found = checks.filter(({ name }) => name.startsWith('log-loss 30 d'));
    expect(found.map(({ name, passed }) => [name, passed])).toEqual([
      ['log-loss 30 d against logistic RFM', false],
      ['log-loss 30 d against the active version', true],
    ]);
    expect(found[1]?.value).toBeLessThan(0);
  });

  it('keeps quiet where the test window holds too few buyers', () => {
    const { histories: few } = simulateShop({
      seed: 5,
      customers: 100,
      firstDay: 19_000,
      lastFirstDay: 19_500,
      lastDay: 19_800,
      unitDays: 7,
      rate: { r: 2, alpha: 8 },
      regularity: [{ k: 2, share: 1 }],
      dropOut: { a: 1, b: 5 },
    });

    expect(judgeCandidate(few, { candidate: candidate((p) => p / 5) }).verdict).toBe(
      'not enough data',
    );
  });
});

describe('pairedBootstrap', () => {
  it('holds a true difference of zero in its interval, and tells a real one', () => {
    const n = 2000;
    const noise = Float64Array.from({ length: n }, (_, i) => (i * 7919) % 101);
    const shifted = noise.map((value, i) => noise[(i + 50) % n] ?? value);
    const counted = new Float64Array(n).fill(1);
    const same = { own: { loss: noise, counted }, other: { loss: shifted, counted }, allowance: 1 };
    const more = { ...same, own: { loss: noise.map((value) => value + 10), counted } };

    const [zero, ten] = pairedBootstrap([same, more], n, 3);

    expect(zero?.low).toBeLessThan(0);
    expect(zero?.high).toBeGreaterThan(0);
    expect(ten?.difference).toBeCloseTo(10, 6);
    expect(ten?.low).toBeGreaterThan(5);
    // 41 is the standard deviation of a difference of two such losses.
    expect((ten?.high ?? 0) - (ten?.low ?? 0)).toBeCloseTo((2 * 1.96 * 41) / Math.sqrt(n), 0);
  });
});
