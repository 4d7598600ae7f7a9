import type { Latencies } from './lib/open-model.ts';

/** What a target measured in one pair: both sides within one run, alternating. */
export interface Sides {
  readonly ours: number;
  readonly yardstick: number;
  /** Where arrivals came at a fixed rate: what they met. */
  readonly latencies?: Latencies;
}

export interface Pair extends Sides {
  readonly ratio: number;
}

export interface Measured {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly pairs: readonly Pair[];
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** The largest ratio is more than twice the smallest: the machine was too restless to judge. */
  readonly noisy: boolean;
  readonly floor: number;
  readonly stretch: number;
  readonly atMost: boolean;
}

export interface Target {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly floor: number;
  readonly stretch: number;
  /** The ratio is to stay below floor and stretch. */
  readonly atMost?: boolean;
  /** How many of the first calls are the warm-up and do not count: one, unless its code is compiled later than that. */
  readonly warmUps?: number;
  /** One pair; called until there are enough. */
  measurePair(): Promise<Sides>;
  close(): Promise<void>;
}

const PAIRS = 5;
const MORE_PAIRS = 4;

/** Warm-ups, five pairs, four more when they disagree; the verdict is the median of the pair ratios. */
export async function measure(
  target: Target,
  tell: (line: string) => void,
  wantedPairs = PAIRS,
): Promise<Measured> {
  for (let done = 0; done < (target.warmUps ?? 1); done += 1) await target.measurePair();
  const pairs: Pair[] = [];
  for (let wanted = wantedPairs; pairs.length < wanted;) {
    const sides = await target.measurePair();
    const { ours, yardstick, latencies } = sides;
    const pair = { ...sides, ratio: ours / yardstick };
    pairs.push(pair);
    tell(
      `  ${ours.toFixed(0)} / ${yardstick.toFixed(0)} ${target.unit} = ${pair.ratio.toFixed(3)}` +
        (latencies ? `; ${String(latencies.late)} of ${String(latencies.arrivals)} came late` : ''),
    );
    if (pairs.length === wantedPairs && isNoisy(pairs)) wanted = wantedPairs + MORE_PAIRS;
  }
  const ratios = pairs.map(({ ratio }) => ratio).sort((a, b) => a - b);
  return {
    id: target.id,
    what: target.what,
    unit: target.unit,
    pairs,
    median: ratios[Math.floor(ratios.length / 2)] ?? 0,
    min: ratios[0] ?? 0,
    max: ratios.at(-1) ?? 0,
    noisy: isNoisy(pairs),
    floor: target.floor,
    stretch: target.stretch,
    atMost: target.atMost === true,
  };
}

function isNoisy(pairs: readonly Pair[]): boolean {
  const ratios = pairs.map(({ ratio }) => ratio);
  return Math.max(...ratios) > 2 * Math.min(...ratios);
}

/** More late arrivals than this measure the generator. */
const LATE_SHARE = 0.001;

export type Verdict = 'pass' | 'fail' | 'noisy' | 'void';

export function verdictOf({ pairs, noisy, median, floor, atMost }: Measured): Verdict {
  const sum = (of: (latencies: Latencies) => number): number =>
    pairs.reduce((all, { latencies }) => all + (latencies ? of(latencies) : 0), 0);
  if (sum(({ late }) => late) > LATE_SHARE * sum(({ arrivals }) => arrivals)) return 'void';
  if (noisy) return 'noisy';
  return (atMost ? median <= floor : median >= floor) ? 'pass' : 'fail';
}
