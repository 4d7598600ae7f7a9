import { describe, expect, it } from '@jest/globals';
import {
  calibrateWindows,
  levelsFor,
  nominalLevels,
  type Return,
  type WindowLevels,
} from './window-calibration.js';

/** Seven tenths of the way for all of a frequency, and of what is left once more for the silence. */
const OWN = 1 - 0.3 ** 2;

/** Returns at evenly spread levels between two bounds; each day is this wide. */
function spread(
  n: number,
  [from, to]: readonly [number, number],
  over: Partial<Return> = {},
): Return[] {
  const day = 0.01;
  return Array.from({ length: n }, (_, i) => {
    const level = from + ((to - from) * (i + 0.5)) / n;
    const levels: WindowLevels = [level + day, level, level - day];
    return { repeats: 3, survival: 0.8, levels, ...over };
  });
}

describe('levels of windows', () => {
  it('stay where they are while the model is right, but for the width of a day', () => {
    const [low, middle, high] = levelsFor(calibrateWindows(spread(20_000, [0, 1])), 3, 0.8);
    expect(low).toBeCloseTo(0.1 + OWN * 0.01, 2);
    expect(middle).toBe(0.5);
    expect(high).toBeCloseTo(0.9 - OWN * 0.01, 2);
  });

  it('widen where returns came earlier and later than the model thought, nine tenths of the way at most', () => {
    const early = calibrateWindows(spread(20_000, [0, 0.1]));
    expect(levelsFor(early, 3, 0.8)[0]).toBeCloseTo(0.1 + OWN * (0.02 - 0.1), 2);
    const late = calibrateWindows(spread(20_000, [0.9, 1]));
    expect(levelsFor(late, 3, 0.8)[2]).toBeCloseTo(0.9 + OWN * (0.98 - 0.9), 2);
  });

  it('hardly move for a few returns', () => {
    const [low, , high] = levelsFor(calibrateWindows(spread(10, [0.9, 1])), 3, 0.8);
    expect(Math.abs(low - 0.1)).toBeLessThan(0.06);
    expect(Math.abs(high - 0.9)).toBeLessThan(0.01);
  });

  it('are those of the frequency and the silence that they were learnt from', () => {
    const found = calibrateWindows([
      ...spread(5_000, [0, 1]),
      ...spread(5_000, [0, 0.4], { repeats: 12 }),
      ...spread(5_000, [0.6, 1], { survival: 0.05 }),
    ]);
    expect(levelsFor(found, 15, 0.9)[2]).toBeLessThan(0.6);
    expect(levelsFor(found, 4, 0.05)[0]).toBeGreaterThan(0.4);
    expect(levelsFor(found, 4, 0.9)[0]).toBeLessThan(0.3);
    expect(levelsFor(found, 0, 0.9)).toEqual(nominalLevels);
  });

  it('reach further while nobody has seen a tail as long as the cap', () => {
    expect(levelsFor(calibrateWindows([], 0.5), 3, 0.8)[2]).toBeCloseTo(0.93, 12);
    expect(levelsFor(calibrateWindows([], 3), 3, 0.8)).toEqual(nominalLevels);
  });
});
