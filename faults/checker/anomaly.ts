import type { History } from './history.ts';

export type AnomalyKind =
  | 'lost'
  | 'doubled'
  | 'phantom'
  | 'reordered'
  | 'late-send'
  | 'misdirected'
  | 'stuck'
  | 'gap'
  | 'differs';

/** One thing that must not have happened, in words that lead to it. */
export interface Anomaly {
  readonly kind: AnomalyKind;
  readonly what: string;
}

/** Finds the anomalies of its kind. */
export type Finder = (history: History) => Anomaly[];

/** Counts by a key. */
export function tally<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
