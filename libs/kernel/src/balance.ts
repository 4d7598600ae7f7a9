/** One equation of the sums that must hold at any moment: nothing is dropped in silence (docs/guarantees.md). */
export interface Balance {
  /** `passed`: records that a consumer has passed; `outbox`: events on their way to the log; `touches`: planned ones. */
  readonly sum: 'passed' | 'outbox' | 'touches';
  /** A topic, a channel; empty where there is one. */
  readonly of: string;
  readonly whole: number;
  /** What the whole has become; every part counts a closed list of ends, pending ones included. */
  readonly parts: Readonly<Record<string, number>>;
  /** Each thing that does not fit, in words that say where to look. Empty: it balances. */
  readonly gaps: readonly Gap[];
}

export interface Gap {
  /** Records that lack, or are too many. */
  readonly records: number;
  readonly finding: string;
}

/** Gaps are added up, never set off against each other: one too many does not make up for one that lacks. */
export function gapOf({ gaps }: Balance): number {
  return gaps.reduce((sum, { records }) => sum + Math.abs(records), 0);
}
