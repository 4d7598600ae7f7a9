import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitLogistic, logOddsOf, sigmoid } from './logistic-regression.js';
import { solvePositive } from './solve-positive.js';

const logit = (p: number): number => Math.log(p / (1 - p));

describe('fitLogistic', () => {
  it('gives the log-odds of a two by two table exactly', () => {
    // 3 of 10 without the property, 8 of 10 with it.
    const input = Float64Array.from({ length: 20 }, (_, i) => (i < 10 ? 0 : 1));
    const bought = Uint8Array.from({ length: 20 }, (_, i) => (i < 3 || i >= 12 ? 1 : 0));

    const model = fitLogistic([input], bought, { ridge: 0 });

    expect(model.intercept).toBeCloseTo(logit(0.3), 6);
    expect(model.slopes[0]).toBeCloseTo(logit(0.8) - logit(0.3), 6);
  });

  it('takes a weight for so many equal rows', () => {
    const rows = [
      { x: 0.5, z: 3, y: 1, times: 3 },
      { x: 2, z: -1, y: 0, times: 2 },
      { x: 1, z: 4, y: 0, times: 1 },
      { x: 3, z: 1, y: 1, times: 4 },
    ];
    const long = rows.flatMap((row) => Array.from({ length: row.times }, () => row));
    const columns = (list: typeof rows) => [
      Float64Array.from(list, ({ x }) => x),
      Float64Array.from(list, ({ z }) => z),
    ];

    const weighted = fitLogistic(
      columns(rows),
      Uint8Array.from(rows, ({ y }) => y),
      {
        weights: rows.map(({ times }) => times),
      },
    );
    const repeated = fitLogistic(
      columns(long),
      Uint8Array.from(long, ({ y }) => y),
    );

    expect(weighted.intercept).toBeCloseTo(repeated.intercept, 7);
    weighted.slopes.forEach((slope, i) => expect(slope).toBeCloseTo(repeated.slopes[i] ?? 0, 7));
  });

  it('stays finite on separable data, on inputs that never vary, and on one kind of outcome', () => {
    const up = Float64Array.from({ length: 50 }, (_, i) => i);
    const still = new Float64Array(50).fill(7);
    const separable = Uint8Array.from(up, (x) => (x < 25 ? 0 : 1));

    const { intercept, slopes } = fitLogistic([up, still], separable);
    expect(slopes[0]).toBeGreaterThan(0);
    expect(slopes[1]).toBeCloseTo(0, 9);
    expect(Math.abs(intercept)).toBeLessThan(100);

    const never = fitLogistic([up], new Uint8Array(50));
    expect(never.slopes).toEqual([0]);
    expect(sigmoid(never.intercept)).toBeCloseTo(0.5 / 51, 12);
  });

  it('makes the mean probability equal the share of buyers, whatever the inputs', () => {
    const row = fc.record({
      x: fc.double({ min: -1e4, max: 1e4, noNaN: true }),
      y: fc.integer({ min: 0, max: 1 }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 5, maxLength: 60 }), (rows) => {
        const bought = rows.map(({ y }) => y);
        const share = bought.reduce((sum, y) => sum + y, 0) / rows.length;
        fc.pre(share > 0 && share < 1);

        const model = fitLogistic([Float64Array.from(rows, ({ x }) => x)], bought);

        const mean =
          rows.reduce((sum, { x }) => sum + sigmoid(logOddsOf(model, [x])), 0) / rows.length;
        expect(mean).toBeCloseTo(share, 4);
      }),
    );
  });
});

describe('solvePositive', () => {
  it('solves what it is given', () => {
    // M = L L^T with L = [2; 1 3; -1 2 5].
    const matrix = Float64Array.from([4, 0, 0, 2, 10, 0, -2, 5, 30]);

    const solution = solvePositive(matrix, Float64Array.from([2, 27, 103]));

    const full = [
      [4, 2, -2],
      [2, 10, 5],
      [-2, 5, 30],
    ];
    full.forEach((line, i) => {
      const sum = line.reduce((total, m, j) => total + m * (solution[j] ?? 0), 0);
      expect(sum).toBeCloseTo([2, 27, 103][i] ?? 0, 10);
    });
  });
});
