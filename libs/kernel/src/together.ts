const BEAT_MS = 2_000;
const HALF_BEAT_MS = BEAT_MS / 2;

/**
 * A pause of about `ms` that ends when others end that do: whoever only looks whether there is something wakes a sleeping
 * process, and its caches, together with the rest. Off by half a beat at most; those under a beat by less, and short ones
 * stay what they are.
 */
export function together(ms: number, now = performance.now()): number {
  if (ms < HALF_BEAT_MS) return ms;
  const beat = ms < BEAT_MS ? HALF_BEAT_MS : BEAT_MS;
  return Math.ceil(Math.round((now + ms) / beat) * beat - now);
}
