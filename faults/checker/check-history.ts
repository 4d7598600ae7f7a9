import { tally, type Anomaly, type Finder } from './anomaly.ts';
import { doubled } from './doubled.ts';
import type { History } from './history.ts';
import { lateSend } from './late-send.ts';
import { lost } from './lost.ts';
import { misdirected } from './misdirected.ts';
import { phantom } from './phantom.ts';
import { reordered } from './reordered.ts';
import { differs, gap, stuck } from './unfinished.ts';
import { whyVoid } from './why-void.ts';

const finders: readonly Finder[] = [
  lost,
  doubled,
  phantom,
  reordered,
  lateSend,
  misdirected,
  stuck,
  gap,
  differs,
];

export interface Verdict {
  /** Void is red too: a run that saw nothing proves nothing. */
  readonly green: boolean;
  readonly anomalies: readonly Anomaly[];
  readonly voidBecause: readonly string[];
  /** One line of counts, with the seed. */
  readonly line: string;
}

/** Judges a fault run by what it left behind. */
export function checkHistory(history: History): Verdict {
  const anomalies = finders.flatMap((find) => find(history));
  const voidBecause = whyVoid(history);
  return {
    green: anomalies.length === 0 && voidBecause.length === 0,
    anomalies,
    voidBecause,
    line: lineOf(history, anomalies, voidBecause),
  };
}

function lineOf(
  { seed, operations, faults, effects, receipts }: History,
  anomalies: readonly Anomaly[],
  voidBecause: readonly string[],
): string {
  const ends = tally(operations, ({ end }) => end);
  const kinds = [...tally(anomalies, ({ kind }) => kind)].map(
    ([kind, count]) => `${String(count)} ${kind}`,
  );
  const result =
    voidBecause.length > 0 ? `VOID: ${voidBecause.join('; ')}` : kinds.join(', ') || 'no anomaly';
  const count = (end: string): string => String(ends.get(end) ?? 0);
  return (
    `seed ${String(seed)}: ${count('ok')} ok, ${count('fail')} fail, ${count('info')} info, ` +
    `${String(faults.length)} faults, ${String(effects.length)} effects, ${String(receipts.length)} receipts: ${result}`
  );
}
