import type { Journal } from './journal.ts';

/** How long after `at` (by the journal's clock) an answer was still unclear, where that is too long. */
export function clearAgain(journal: Journal, at: number, withinMs: number): string[] {
  const late = journal.lastUnclearAt - at;
  return late <= withinMs ? [] : [`an answer was unclear ${String(late)} ms after the mending`];
}

/** Whoever asks is answered within the time-out, well or badly. */
export function answeredWithin({ answerMs }: Journal, limitMs: number): string[] {
  const sorted = answerMs.toSorted((a, b) => a - b);
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
  return p99 <= limitMs ? [] : [`p99 of the answers is ${String(Math.round(p99))} ms`];
}

/** Who cannot be served is told so, by 503 and nothing else. */
export function onlyUnavailable({ unclear }: Journal): string[] {
  return [...unclear]
    .filter(([said]) => said !== '503')
    .map(([said, times]) => `${String(times)} attempts ended with ${said} instead of 503`);
}
