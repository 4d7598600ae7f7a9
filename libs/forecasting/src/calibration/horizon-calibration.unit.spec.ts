import { describe, expect, it } from '@jest/globals';
import { Samplers } from '../simulation/index.js';
import { FEATURES, fromLogit, logit, writeFeatures } from './features.js';
import { calibratedLogit, calibrateHorizon, type CalibrationRows } from './horizon-calibration.js';

interface Row {
  readonly customer: number;
  readonly raw: number;
  readonly bought: boolean;
  readonly repeats?: number;
  readonly elapsedDays?: number;
  readonly ageDays?: number;
  readonly meanSpend?: number;
}

function rowsOf(rows: readonly Row[]): CalibrationRows {
  const features = new Float64Array(rows.length * FEATURES);
  rows.forEach(({ raw, repeats = 2, elapsedDays = 20, ageDays = 200, meanSpend = 900 }, i) => {
    const known = { rawProbability: raw, repeats, elapsedDays, ageDays, meanSpend };
    writeFeatures(features, i * FEATURES, known);
  });
  return {
    horizonDays: 30,
    size: rows.length,
    features,
    outcome: Uint8Array.from(rows, ({ bought }) => (bought ? 1 : 0)),
    customer: Uint32Array.from(rows, ({ customer }) => customer),
  };
}

/** Customers about whom nothing that is known says anything; each has some rows that are all alike. */
function noise(seed: number, customers: number, rowsEach: number): Row[] {
  return Array.from({ length: customers }, (_, customer) => {
    const draw = new Samplers(seed, customer);
    const row = {
      customer,
      raw: 0.05 + 0.9 * draw.uniform(),
      bought: draw.chance(0.5),
      repeats: Math.floor(20 * draw.uniform()),
      elapsedDays: Math.floor(200 * draw.uniform()),
      ageDays: 200 + Math.floor(400 * draw.uniform()),
      meanSpend: 100 + 5000 * draw.uniform(),
    };
    return Array.from({ length: rowsEach }, () => row);
  }).flat();
}

describe('the calibration of a horizon', () => {
  it('learns by how much the model was off', () => {
    const rows = Array.from({ length: 6_000 }, (_, customer) => {
      const draw = new Samplers(1, customer);
      const raw = 0.05 + 0.8 * draw.uniform();
      return { customer, raw, bought: draw.chance(fromLogit(0.5 * logit(raw) + 0.8)) };
    });
    const found = calibrateHorizon(rowsOf(rows));
    const features = rowsOf([{ customer: 0, raw: 0.2, bought: false }]).features;

    expect(found?.choice).toBe('stack');
    const eta = found ? calibratedLogit(found, features) : NaN;
    expect(Math.abs(eta - (0.5 * logit(0.2) + 0.8))).toBeLessThan(0.1);
    expect(found?.logLoss.stack).toBeLessThan((found?.logLoss.raw ?? 0) - 0.02);
  });

  it('leaves a part of the word to a model that tells buyers apart, however many rows say otherwise', () => {
    const rows = Array.from({ length: 6_000 }, (_, customer) => {
      const draw = new Samplers(5, customer);
      const raw = 0.02 + 0.9 * draw.uniform() ** 2;
      return { customer, raw, bought: draw.chance(fromLogit(logit(raw) + 1)) };
    });
    const found = calibrateHorizon(rowsOf(rows));
    const features = rowsOf([{ customer: 0, raw: 0.3, bought: false }]).features;

    // Seven tenths of what was learnt.
    expect(found && calibratedLogit(found, features) - logit(0.3)).toBeCloseTo(0.7, 1);
  });

  it.each([
    ['with one row of each customer', 1],
    // Rows of one customer in both halves would give the answer away.
    ['with many rows of each customer', 12],
  ])(
    'judges candidates on customers whom they have not seen: noise helps nobody, %s',
    (_, each) => {
      const gains = Array.from({ length: 30 }, (_seed, seed) => {
        const rows = noise(seed, 60, each);
        const bought = rows.filter((row) => row.bought).length / rows.length;
        const known = -bought * Math.log(bought) - (1 - bought) * Math.log(1 - bought);
        return known - (calibrateHorizon(rowsOf(rows))?.logLoss['logistic RFM'] ?? NaN);
      });
      const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
      expect(mean).toBeLessThan(-0.01);
    },
  );

  it('serves the regression alone where the model says nothing and there are many who tell', () => {
    const rows = Array.from({ length: 8_000 }, (_, customer) => {
      const draw = new Samplers(2, customer);
      const elapsedDays = Math.floor(300 * draw.uniform());
      const meanSpend = 10 ** (1 + 4 * draw.uniform());
      const bought = draw.chance(fromLogit(4 - 0.9 * Math.log1p(meanSpend)));
      return { customer, raw: 0.02 + 0.9 * draw.uniform(), bought, elapsedDays, meanSpend };
    });
    expect(calibrateHorizon(rowsOf(rows))?.choice).toBe('logistic RFM');
  });

  it('never ranks against the model', () => {
    const rows = Array.from({ length: 4_000 }, (_, customer) => {
      const draw = new Samplers(4, customer);
      const raw = 0.1 + 0.8 * draw.uniform();
      return { customer, raw, bought: draw.chance(1 - raw) };
    });
    const coefficients = calibrateHorizon(rowsOf(rows))?.stack.coefficients;
    // What the model says of a customer outweighs what is left of its prior belief in itself.
    expect(coefficients?.[0]).toBeGreaterThanOrEqual(0);
    expect(coefficients?.[0]).toBeLessThan(0.1);
  });

  it('is not learnt from fewer than 15 who came or stayed away', () => {
    const rows = noise(3, 200, 1).map((row, i) => ({ ...row, bought: i < 14 }));
    expect(calibrateHorizon(rowsOf(rows))).toBeUndefined();
    expect(
      calibrateHorizon(rowsOf(rows.map((row) => ({ ...row, bought: !row.bought })))),
    ).toBeUndefined();
  });
});
