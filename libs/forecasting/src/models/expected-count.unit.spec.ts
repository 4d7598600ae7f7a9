import { describe, expect, it } from '@jest/globals';
import { expectedCount } from './expected-count.js';
import { gapDensity } from './gap-law.js';
import { GapPosterior } from './gap-posterior.js';
import { weighNodes } from './regularity-prior.js';

const mixture = { r: 2, alpha: 8, a: 0.9, b: 4, nodes: weighNodes(3, 1) };

/** The integral by as many points as it takes. */
function bySmallSteps(posterior: GapPosterior, x: number, u: number, h: number): number {
  const STEPS = 4_000;
  const [low, high] = [Math.log(1e-6 * h), Math.log(h)];
  const step = (high - low) / STEPS;
  let sum = posterior.survival(u) - posterior.survival(u + h);
  for (let i = 0; i < posterior.size; i++) {
    const [k = 1, R = 1, A = 1, lnB = 0] = [
      posterior.k,
      posterior.R,
      posterior.A,
      posterior.lnB,
    ].map((column) => column[i]);
    for (let j = 0; j < STEPS; j++) {
      const v = Math.exp(low + (j + 0.5) * step);
      const density = gapDensity(R, k, lnB, (u + v) / A) / A;
      const later = posterior.countAfter(i, x + 1, (h - v) / (A + u + v));
      sum += (posterior.omega[i] ?? 0) * step * v * density * later;
    }
  }
  return sum / (posterior.survival(u) + posterior.dead);
}

describe('the expected count of a customer with a rhythm', () => {
  // Few points spread over a year miss the day on which a daily or weekly buyer comes next.
  it.each([
    ['daily', 1, 300],
    ['weekly', 7, 60],
    ['monthly', 30, 12],
    ['quarterly', 90, 4],
  ])('is the whole integral at every horizon: %s', (_name, gapDays, x) => {
    const posterior = new GapPosterior(mixture);
    const gap = gapDays / 7;
    posterior.load({ x, tx: x * gap, litt: x * Math.log(gap) });
    for (const silence of [0, 0.4, 0.9, 1.5, 4]) {
      for (const days of [14, 30, 90, 365]) {
        const [u, h] = [silence * gap, days / 7];
        const exact = bySmallSteps(posterior, x, u, h);
        const found = expectedCount(posterior, { x, u, h }, 8);
        expect(Math.abs(found - exact)).toBeLessThan(4e-3 * exact + 1e-6);
      }
    }
  });
});
