import { gapDensity, gapSurvival } from './gap-law.js';
import type { GapPosterior } from './gap-posterior.js';
import { gaussLegendre } from './gauss-legendre.js';

const { exp, log, max, min, sqrt } = Math;

const RHYTHM = 3;
/** Standard deviations of ln(gap) to either side of its mean that are looked at. */
const REACH = 5;

/** Mean and spread of ln(gap/A): digamma and trigamma by the first terms of their series. */
function lnMeanGap(R: number, k: number): number {
  const digamma = (p: number): number => log(p) - 1 / (2 * p) - 1 / (12 * p * p);
  return digamma(k) - digamma(R);
}

function spreadOf(R: number, k: number): number {
  const trigamma = (p: number): number => 1 / p + 1 / (2 * p * p) + 1 / (6 * p * p * p);
  return sqrt(trigamma(k) + trigamma(R));
}

/** In units of A: twenty times the mean wait at the rate of now, after which next to nobody is waited for. */
function soonAfter(R: number, k: number, lnB: number, t: number): number {
  return (20 * gapSurvival(R, k, lnB, t)) / gapDensity(R, k, lnB, t) || Infinity;
}

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
    const peak = A * exp(lnMeanGap(R, k));
    const reach = exp(REACH * spreadOf(R, k));
    const isAhead = k >= RHYTHM && u < peak;
    // Equal steps in ln(gap) over where the gaps are: a rhythm is a peak that few points over the horizon would miss.
    const from = max(u, peak / reach);
    const width = log(min(u + h, peak * reach) / from);
    if (isAhead && !(width > 0)) continue;
    // Once it is behind, whoever comes at all comes soon.
    const soon = k < RHYTHM || isAhead ? h : min(h, soonAfter(R, k, lnB, u / A) * A);
    let later = 0;
    for (const { at, weight } of k >= RHYTHM ? gaussLegendre(max(16, points)) : rule) {
      const g = isAhead ? from * exp(width * at) : u + soon * at * at;
      const step = isAhead ? width * g : 2 * at * soon;
      const density = gapDensity(R, k, lnB, g / A) / A;
      later += weight * step * density * posterior.countAfter(i, x + 1, (u + h - g) / (A + g));
    }
    sum += omega * later;
  }
  return max(0, sum / rest);
}
