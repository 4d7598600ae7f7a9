import { describe, expect, it } from '@jest/globals';
import { weighNodes } from './regularity-prior.js';

describe('weighNodes', () => {
  it.each([
    // A population without any regularity drives both parameters up together.
    [2000, 1900],
    [3000, 3000],
    [1e6, 1e5],
    [1e-3, 1e3],
    [0.4, 1e-6],
  ])('has weights that add up to 1 at shape %d and rate %d', (shape, rate) => {
    const weights = weighNodes(shape, rate).map(({ weight }) => weight);

    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
    expect(weights.every((weight) => weight >= 0)).toBe(true);
  });

  it('puts all weight on the node that the mean is nearest to, where there is no spread', () => {
    const heaviest = weighNodes(1e6, 1e6 / 4.4).find(({ weight }) => weight > 0.999);

    expect(heaviest?.k).toBe(4.5);
  });
});
