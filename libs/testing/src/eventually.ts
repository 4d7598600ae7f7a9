import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until `condition` neither throws nor answers false, and gives its answer. After `withinMs` it rejects with
 * the last error, so that a failed expectation inside is what the test reports. The limit tells a hang from a slow
 * machine and no more: name a shorter one only where the time is what is promised.
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  { withinMs = 20_000 }: { withinMs?: number } = {},
): Promise<Exclude<T, false>> {
  const deadline = performance.now() + withinMs;
  for (let wait = 2; ; wait = Math.min(wait * 2, 50)) {
    let last: unknown;
    try {
      const answer = await condition();
      if (answer !== false) return answer as Exclude<T, false>;
      last = new Error('The condition stayed false.');
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      const why = last instanceof Error ? last.message : String(last);
      throw new Error(`Not within ${String(withinMs)} ms: ${why}`, { cause: last });
    }
    await pause(wait);
  }
}
