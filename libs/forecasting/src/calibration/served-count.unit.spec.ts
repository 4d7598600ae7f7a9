import { describe, expect, it } from '@jest/globals';
import { servedCount } from './served-count.js';

describe('servedCount', () => {
  it('moves half as far as the probability, in logarithms', () => {
    expect(servedCount(2, 0.8, 0.2)).toBeCloseTo(4, 12);
    expect(servedCount(2, 0.2, 0.8)).toBeCloseTo(1, 12);
    expect(servedCount(2, 0.5, 0.5)).toBe(2);
  });

  it('is never below the probability of at least one purchase', () => {
    expect(servedCount(0.1, 0.4, 0.1)).toBe(0.4);
  });

  it('leaves the count alone where the model has all but given the customer up', () => {
    expect(servedCount(1e-12, 0.3, 1e-12)).toBe(1e-12);
  });
});
