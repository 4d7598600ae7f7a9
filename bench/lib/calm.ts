import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 300_000;
/** Nothing moves for so long: what one service has done has reached the others. */
const CALM_MS = 1_000;

/** Waits until nothing moves any more. Answers the moment of `performance.now()` at which that began. */
export async function calm(busy: () => boolean): Promise<number> {
  const end = performance.now() + PATIENCE_MS;
  let since = performance.now();
  while (performance.now() - since < CALM_MS) {
    await pause(5);
    if (busy()) since = performance.now();
    if (since > end) throw new Error('It did not come to rest in five minutes.');
  }
  return since;
}
