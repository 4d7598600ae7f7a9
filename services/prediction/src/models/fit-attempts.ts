/** Much longer than a fit takes: by then its process has died, and another one takes it up. */
const FIRST_MS = 15 * 60_000;
const LONGEST_MS = 7 * 24 * 60 * 60_000;

/** When a fit is tried again that so many attempts have not brought in: twice as long each time, at most a week. */
export function attemptAfter(attempts: number, now: Date): Date {
  const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempts - 1));
  return new Date(now.getTime() + wait);
}
