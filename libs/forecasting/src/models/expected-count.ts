import { gapDensity } from './gap-law.js';
import type { GapPosterior } from './gap-posterior.js';
import { gaussLegendre } from './gauss-legendre.js';

const { max } = Math;

/**
 * Expected purchases within h after a silence of u: the next purchase at g, and those that follow it. The part of the
 * first purchase is exact; that of the later ones is integrated, with the points crowded towards now, where they count.
 */
export function expectedCount(
  posterior: GapPosterior,
  { x, u, h }: { x: number; u: number; h: number },
  points: 8 | 16 | 32 = 16,
): number {
  const survival = posterior.survivalNow(u);
  const rest = survival + posterior.dead;
  if (!(rest > 0)) return 0;
  let sum = survival - posterior.survival(u + h);
  if (u === 0) sum = posterior.cdf(h);
  const rule = gaussLegendre(points);
  for (let i = 0; i < posterior.size; i++) {
    const k = posterior.k[i] ?? 0;
    const R = posterior.R[i] ?? 0;
    const A = posterior.A[i] ?? 0;
    const lnB = posterior.lnB[i] ?? 0;
    const omega = posterior.omega[i] ?? 0;
    if (omega < 1e-6) continue;
    let later = 0;
    for (const { at, weight } of rule) {
      const passed = h * at * at;
      const g = u + passed;
      const density = gapDensity(R, k, lnB, g / A) / A;
      later +=
        weight * 2 * at * h * density * posterior.countAfter(i, x + 1, (h - passed) / (A + g));
    }
    sum += omega * later;
  }
  return max(0, sum / rest);
}
