import { describe, expect, it } from '@jest/globals';
import { fromLogit, logit } from '../calibration/features.js';
import type { Choice, HorizonCalibration } from '../calibration/horizon-calibration.js';
import { RawModel } from './raw-model.js';
import { ServedProbabilities } from './served-probabilities.js';

const row = {
  repeats: 4,
  firstDay: 18_000,
  lastDay: 18_160,
  asOfDay: 18_190,
  sumLnGap: 4 * Math.log(40),
  elapsedDays: 30,
  ageDays: 190,
  meanSpend: 2_500,
};
const raw = new RawModel({ unitDays: 7, r: 1.5, alpha: 9, a: 0.8, b: 2.5, tk: 3, gk: 2 });
raw.load(row);
const plain = (horizonDays: number, elapsedDays = row.elapsedDays): number =>
  logit(raw.purchaseProbability(elapsedDays, horizonDays));

/** Moves the model's log-odds by a number that belongs to this horizon alone. */
function shiftedBy(
  horizonDays: number,
  shift: number,
  choice: Choice = 'stack',
): HorizonCalibration {
  return {
    horizonDays,
    choice,
    stack: { intercept: shift, coefficients: [1, 0, 0, 0, 0] },
    rfm: { intercept: -3, coefficients: [0, 0.5, 0, 0, 0] },
    rows: 1_000,
    buyers: 400,
    logLoss: { stack: 0.5, 'logistic RFM': 0.5, 'mean of both': 0.5, raw: 0.6 },
  };
}

/** Log-odds as served, and whether they are called calibrated. */
function serve(
  horizonsDays: readonly number[],
  calibrations: readonly HorizonCalibration[],
  elapsedDays = row.elapsedDays,
): { etas: number[]; calibrated: readonly boolean[] } {
  const served = new ServedProbabilities(horizonsDays, calibrations);
  served.score(raw, row, elapsedDays);
  return { etas: Array.from(served.served, logit), calibrated: served.calibrated };
}

describe('served probabilities', () => {
  const three = [shiftedBy(30, -0.3), shiftedBy(90, 0.4), shiftedBy(180, 0.7)];

  it('take the calibration of their own horizon', () => {
    const { etas, calibrated } = serve([30, 90, 180], three);

    expect(etas[0]).toBeCloseTo(plain(30) - 0.3, 9);
    expect(etas[1]).toBeCloseTo(plain(90) + 0.4, 9);
    expect(etas[2]).toBeCloseTo(plain(180) + 0.7, 9);
    expect(calibrated).toEqual([true, true, true]);
  });

  it('lie between the two horizons around theirs, by their nearness in ln h', () => {
    const { etas, calibrated } = serve([60], three);

    const share = Math.log(60 / 30) / Math.log(90 / 30);
    expect(etas[0]).toBeCloseTo(plain(60) + (1 - share) * -0.3 + share * 0.4, 9);
    expect(calibrated).toEqual([true]);
  });

  it('carry the longest correction on, and do not call that calibrated', () => {
    const { etas, calibrated } = serve([365], three);

    expect(etas[0]).toBeCloseTo(plain(365) + 0.7, 9);
    expect(calibrated).toEqual([false]);
  });

  it('are the model where nothing could be learnt, or only of the next few weeks', () => {
    expect(serve([14], three).etas[0]).toBeCloseTo(plain(14), 9);
    expect(serve([14], three).calibrated).toEqual([false]);
    expect(serve([365], [shiftedBy(30, 2)]).etas[0]).toBeCloseTo(plain(365), 9);
    expect(serve([90], []).etas[0]).toBeCloseTo(plain(90), 9);
  });

  it('are those of the choice, over the features as of the silence that is asked about', () => {
    const rfm = -3 + 0.5 * Math.log1p(row.repeats);

    expect(serve([30], [shiftedBy(30, -0.3, 'logistic RFM')]).etas[0]).toBeCloseTo(rfm, 9);
    expect(serve([30], [shiftedBy(30, -0.3, 'mean of both')]).etas[0]).toBeCloseTo(
      (rfm + plain(30) - 0.3) / 2,
      9,
    );
    const silent = { ...shiftedBy(30, 0), stack: { intercept: 0, coefficients: [0, 0, 1, -1, 0] } };
    expect(serve([30], [silent], 100).etas[0]).toBeCloseTo(Math.log(101 / (190 - 30 + 100 + 1)), 9);
  });

  it('never fall with the horizon', () => {
    const { etas } = serve([30, 90], [shiftedBy(30, 1), shiftedBy(90, -5)]);

    expect(etas[1]).toBe(etas[0]);
    expect(fromLogit(etas[0] ?? 0)).toBeGreaterThan(fromLogit(plain(30)));
  });
});
