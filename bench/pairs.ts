/** What a target measured in one pair: both sides within one run, alternating. */
export interface Pair {
  readonly ours: number;
  readonly yardstick: number;
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
  /** One pair; called until there are enough. The first call is the warm-up and does not count. */
  measurePair(): Promise<{ ours: number; yardstick: number }>;
  close(): Promise<void>;
}

const PAIRS = 5;
const MORE_PAIRS = 4;

/** Warm-up, five pairs, four more when they disagree; the verdict is the median of the pair ratios. */
export async function measure(
  target: Target,
  tell: (line: string) => void,
  wantedPairs = PAIRS,
): Promise<Measured> {
  await target.measurePair();
  const pairs: Pair[] = [];
  for (let wanted = wantedPairs; pairs.length < wanted;) {
    const { ours, yardstick } = await target.measurePair();
    const pair = { ours, yardstick, ratio: ours / yardstick };
    pairs.push(pair);
    tell(
      `  ${ours.toFixed(0)} / ${yardstick.toFixed(0)} ${target.unit} = ${pair.ratio.toFixed(3)}`,
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

export type Verdict = 'pass' | 'fail' | 'noisy';

export function verdictOf({ noisy, median, floor, atMost }: Measured): Verdict {
  if (noisy) return 'noisy';
  return (atMost ? median <= floor : median >= floor) ? 'pass' : 'fail';
}
