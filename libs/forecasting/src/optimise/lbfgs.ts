import type { Minimum, ObjectiveWithGradient } from './objective.js';

interface Correction {
  readonly moved: readonly number[];
  readonly turned: readonly number[];
  readonly curvature: number;
}

const MEMORY = 8;

/**
 * L-BFGS with a backtracking line search (Nocedal and Wright, algorithm 7.4). Ends on a small relative change of the
 * value together with a small step: a bare limit on the gradient reports failures that are none.
 */
export function lbfgs(
  objective: ObjectiveWithGradient,
  start: readonly number[],
  { tolerance = 1e-10, stepTolerance = 1e-4, maxIterations = 200 } = {},
): Minimum {
  let point = [...start];
  let gradient = point.map(() => 0);
  let value = objective(point, gradient);
  const corrections: Correction[] = [];
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    let direction = directionFrom(gradient, corrections);
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      corrections.length = 0;
      direction = gradient.map((g) => -g);
      slope = -dot(gradient, gradient);
    }
    if (slope === 0) break;
    // Without corrections the scale is unknown: no parameter moves by more than half its logarithm at first.
    let length = Math.min(1, (corrections.length ? 2 : 0.5) / Math.max(...direction.map(Math.abs)));
    const nextGradient = gradient.map(() => 0);
    let nextPoint = point;
    let nextValue = Infinity;
    for (let halving = 0; halving < 40; halving++) {
      nextPoint = point.map((v, j) => v + length * (direction[j] ?? 0));
      nextValue = objective(nextPoint, nextGradient);
      if (nextValue <= value + 1e-4 * length * slope) break;
      length /= 2;
    }
    if (!(nextValue <= value)) break;
    const moved = nextPoint.map((v, j) => v - (point[j] ?? 0));
    const turned = nextGradient.map((g, j) => g - (gradient[j] ?? 0));
    const curvature = dot(moved, turned);
    if (curvature > 1e-14) {
      corrections.push({ moved, turned, curvature });
      if (corrections.length > MEMORY) corrections.shift();
    }
    const gained = value - nextValue;
    [point, gradient, value] = [nextPoint, nextGradient, nextValue];
    const step = Math.max(...moved.map(Math.abs));
    if (gained <= tolerance * (Math.abs(value) + 1e-12) && step < stepTolerance) break;
  }
  return { point, value };
}

/** The two-loop recursion: minus the approximate inverse Hessian times the gradient. */
function directionFrom(gradient: readonly number[], corrections: readonly Correction[]): number[] {
  const q = gradient.map((g) => -g);
  const shares = corrections.map(() => 0);
  for (let i = corrections.length - 1; i >= 0; i--) {
    const { moved, turned, curvature } = corrections[i] ?? none;
    const share = dot(moved, q) / curvature;
    shares[i] = share;
    turned.forEach((t, j) => (q[j] = (q[j] ?? 0) - share * t));
  }
  const last = corrections.at(-1);
  if (last) {
    const scale = last.curvature / dot(last.turned, last.turned);
    q.forEach((v, j) => (q[j] = v * scale));
  }
  corrections.forEach(({ moved, turned, curvature }, i) => {
    const back = (shares[i] ?? 0) - dot(turned, q) / curvature;
    moved.forEach((m, j) => (q[j] = (q[j] ?? 0) + back * m));
  });
  return q;
}

const none: Correction = { moved: [], turned: [], curvature: 1 };

function dot(p: readonly number[], q: readonly number[]): number {
  let sum = 0;
  p.forEach((v, j) => (sum += v * (q[j] ?? 0)));
  return sum;
}
