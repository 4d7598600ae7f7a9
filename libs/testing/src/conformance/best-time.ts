const TRIES = 3;

/**
 * The time of the quickest of three runs, or of the first within the limit; each has a key of its own. What a defect
 * costs it costs each time, what a machine costs that stands still for seconds it costs once.
 */
export async function bestTime(
  limitMs: number,
  run: (key: string) => Promise<void>,
): Promise<number> {
  let best = Infinity;
  for (let tried = 0; tried < TRIES && best > limitMs; tried += 1) {
    const started = performance.now();
    await run(`timed-${String(tried)}`);
    best = Math.min(best, performance.now() - started);
  }
  return best;
}
