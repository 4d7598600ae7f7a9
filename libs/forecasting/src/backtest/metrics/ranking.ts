/** Ranks from 1; equal values share the mean of their places. */
export function ranksOf(values: Float64Array): Float64Array {
  const order = ascending(values);
  const ranks = new Float64Array(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    const value = values[order[from] ?? 0];
    while (to < order.length && values[order[to] ?? 0] === value) to += 1;
    for (let i = from; i < to; i++) ranks[order[i] ?? 0] = (from + 1 + to) / 2;
  }
  return ranks;
}

/** Positions in ascending order of their values; equal values keep their order. */
export function ascending(values: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: values.length }, (_, i) => i).sort(
    (a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b,
  );
}

/**
 * Probability that a buyer was given a higher score than a non-buyer; ties count half. Undefined where there are none of
 * either.
 */
export function auc(score: Float64Array, bought: Uint8Array): number | undefined {
  const ranks = ranksOf(score);
  let buyers = 0;
  let rankSum = 0;
  bought.forEach((y, i) => {
    if (y === 0) return;
    buyers += 1;
    rankSum += ranks[i] ?? 0;
  });
  const others = bought.length - buyers;
  if (buyers === 0 || others === 0) return undefined;
  return (rankSum - (buyers * (buyers + 1)) / 2) / (buyers * others);
}

/**
 * Over pairs of one who returned and one who returned later or not at all: the share in which the first had the higher
 * score; ties count half. Pairs that returned on the same day say nothing. In n log n.
 * @param daysToNext 0 where nobody came back within the follow-up
 */
export function concordance(score: Float64Array, daysToNext: Uint32Array): number | undefined {
  const places = ranksOf(score);
  const time = (i: number): number => {
    const days = daysToNext[i] ?? 0;
    return days === 0 ? Infinity : days;
  };
  const order = Uint32Array.from({ length: score.length }, (_, i) => i).sort((a, b) => {
    const [s, t] = [time(a), time(b)];
    return s === t ? a - b : t - s;
  });
  const later = new CountingTree(2 * score.length + 1);
  let pairs = 0;
  let won = 0;
  for (let from = 0, to = 0; from < order.length; from = to) {
    const now = time(order[from] ?? 0);
    while (to < order.length && time(order[to] ?? 0) === now) to += 1;
    if (now !== Infinity) {
      for (let i = from; i < to; i++) {
        // Mean ranks come in halves: doubled they are whole.
        const place = 2 * (places[order[i] ?? 0] ?? 0);
        const below = later.countUpTo(place - 1);
        won += below + (later.countUpTo(place) - below) / 2;
        pairs += from;
      }
    }
    for (let i = from; i < to; i++) later.add(2 * (places[order[i] ?? 0] ?? 0));
  }
  return pairs === 0 ? undefined : won / pairs;
}

/** Counts of whole numbers with prefix sums (Fenwick tree). */
class CountingTree {
  private readonly counts: Uint32Array;

  constructor(size: number) {
    this.counts = new Uint32Array(size + 1);
  }

  add(place: number): void {
    for (let i = place + 1; i < this.counts.length; i += i & -i) {
      this.counts[i] = (this.counts[i] ?? 0) + 1;
    }
  }

  countUpTo(place: number): number {
    let sum = 0;
    for (let i = place + 1; i > 0; i -= i & -i) sum += this.counts[i] ?? 0;
    return sum;
  }
}

/** Pearson's correlation; undefined where one side does not vary. */
export function correlation(a: Float64Array, b: Float64Array): number | undefined {
  const n = a.length;
  let [meanA, meanB] = [0, 0];
  for (let i = 0; i < n; i++) {
    meanA += (a[i] ?? 0) / n;
    meanB += (b[i] ?? 0) / n;
  }
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [da, db] = [(a[i] ?? 0) - meanA, (b[i] ?? 0) - meanB];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  // Rounding of the mean leaves a constant column with a variation of about 1e-32.
  const varies = (squares: number, mean: number): boolean =>
    squares > 1e-18 * n * (1 + mean * mean);
  return varies(aa, meanA) && varies(bb, meanB) ? ab / Math.sqrt(aa * bb) : undefined;
}

/** Correlation of ranks. */
export function spearman(a: Float64Array, b: Float64Array): number | undefined {
  return correlation(ranksOf(a), ranksOf(b));
}

/**
 * How well a prediction sorts customers by what they brought: Gini of the actual values in its order over the Gini in their
 * own order; 1 is a perfect ranking, 0 a blind one.
 */
export function normalisedGini(predicted: Float64Array, actual: Float64Array): number | undefined {
  const best = giniBy(actual, actual);
  return best > 0 ? giniBy(predicted, actual) / best : undefined;
}

function giniBy(score: Float64Array, actual: Float64Array): number {
  const ranks = ranksOf(score);
  const n = actual.length;
  let sum = 0;
  let weighted = 0;
  actual.forEach((value, i) => {
    sum += value;
    weighted += value * (ranks[i] ?? 0);
  });
  return sum > 0 ? (2 * weighted) / (n * sum) - (n + 1) / n : 0;
}
