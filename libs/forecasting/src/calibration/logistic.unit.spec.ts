import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitLogistic, linearAt, type Design } from './logistic.js';

const logit = (p: number): number => Math.log(p / (1 - p));
const sigmoid = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/** Rows of inputs with the outcome last. */
function design(rows: readonly (readonly number[])[]): Design {
  const width = (rows[0]?.length ?? 1) - 1;
  return {
    size: rows.length,
    width,
    values: Float64Array.from(rows.flatMap((row) => row.slice(0, width))),
    outcome: Uint8Array.from(rows, (row) => row[width] ?? 0),
  };
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

describe('fitLogistic', () => {
  it('gives the log-odds of a two by two table exactly', () => {
    // 3 of 10 without the property, 8 of 10 with it.
    const rows = range(20).map((i) => [i < 10 ? 0 : 1, i < 3 || i >= 12 ? 1 : 0]);

    const model = fitLogistic(design(rows), { ridge: 0 });

    expect(model?.intercept).toBeCloseTo(logit(0.3), 6);
    expect(model?.coefficients[0]).toBeCloseTo(logit(0.8) - logit(0.3), 6);
  });

  it('leaves out the rows that it is told to', () => {
    const rows = range(60).map((i) => [Math.sin(i), i % 7, (i * 7919) % 3 === 0 ? 1 : 0]);
    const kept = rows.filter((_, i) => i % 4 !== 0);

    const skipping = fitLogistic(design(rows), {
      skip: Uint8Array.from(rows, (_, i) => (i % 4 === 0 ? 1 : 0)),
    });
    const alone = fitLogistic(design(kept));

    expect(skipping?.intercept).toBeCloseTo(alone?.intercept ?? Number.NaN, 9);
    skipping?.coefficients.forEach((c, j) =>
      expect(c).toBeCloseTo(alone?.coefficients[j] ?? Number.NaN, 9),
    );
  });

  it('is drawn towards what it is told where the data are few', () => {
    const few = design([
      [1, 0],
      [2, 1],
      [3, 0],
      [4, 1],
    ]);
    const drawn = (ridge: number) =>
      fitLogistic(few, { ridge, towards: [5] })?.coefficients[0] ?? Number.NaN;

    expect(drawn(1e6)).toBeCloseTo(5, 3);
    expect(drawn(0)).toBeLessThan(2);
  });

  it('stays finite on separable data and on inputs that never vary, and gives up on one kind of outcome', () => {
    const separable = range(50).map((i) => [i, 7, i < 25 ? 0 : 1]);

    const { intercept = Infinity, coefficients = [] } = fitLogistic(design(separable)) ?? {};

    expect(coefficients[0]).toBeGreaterThan(0);
    expect(coefficients[1]).toBeCloseTo(0, 9);
    expect(Math.abs(intercept)).toBeLessThan(100);
    expect(fitLogistic(design(range(50).map((i) => [i, 0])))).toBeUndefined();
    expect(fitLogistic(design(range(50).map((i) => [i, 1])))).toBeUndefined();
  });

  it('makes the mean probability equal the share of buyers, whatever the inputs', () => {
    const row = fc.record({
      x: fc.double({ min: -1e4, max: 1e4, noNaN: true }),
      y: fc.integer({ min: 0, max: 1 }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 5, maxLength: 60 }), (rows) => {
        const share = rows.reduce((sum, { y }) => sum + y, 0) / rows.length;
        fc.pre(share > 0 && share < 1);

        const model = fitLogistic(design(rows.map(({ x, y }) => [x, y])));

        const chances = rows.map(({ x }) => (model ? sigmoid(linearAt(model, [x])) : Number.NaN));
        expect(chances.reduce((sum, p) => sum + p, 0) / rows.length).toBeCloseTo(share, 4);
      }),
    );
  });
});
