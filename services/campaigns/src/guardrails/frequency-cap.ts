/** Most touches per customer in a rolling window, over all channels and campaigns. */
export interface FrequencyCap {
  readonly touches: number;
  readonly days: number;
}

const MS_PER_DAY = 86_400_000;

/** The first instant, from `now` on, at which one more touch stays within the cap. */
export function nextRoom(cap: FrequencyCap, touchedAt: readonly Date[], now: Date): Date {
  const windowMs = cap.days * MS_PER_DAY;
  const inWindow = touchedAt
    .map((at) => at.getTime())
    .filter((at) => at > now.getTime() - windowMs)
    .sort((a, b) => a - b);
  if (inWindow.length < cap.touches) return now;
  // When this one leaves the window, at most `touches - 1` are left in it.
  const leaving = inWindow[inWindow.length - cap.touches];
  return leaving === undefined ? now : new Date(leaving + windowMs);
}
