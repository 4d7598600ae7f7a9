/** What one look at the outbox found. */
export interface Look {
  /** Sequence of the oldest unsent row; undefined: none waits. */
  readonly first: number | undefined;
  /** Numbers drawn since. Those of transactions that were rolled back count too: never too few. */
  readonly rows: number;
  /** Age of the oldest row. */
  readonly ageMs: number;
}

/** Where a service stops taking in more. */
export interface BacklogLimits {
  readonly rows: number;
  readonly ageMs: number;
}

export type Overload = 'outbox-too-large' | 'outbox-too-old';

export interface Backlog extends Look {
  readonly overload: Overload | undefined;
  /** When the oldest row was another one last. */
  readonly movedAt: number;
  /** Since when the log has taken rows without a stop. */
  readonly takenSince: number;
}

/** A relay that has removed nothing for so long is not slow: its log is away. */
const AWAY_MS = 10_000;
/** Refusing ends at this share of a limit, so that it does not begin and end with every batch. */
const RELEASE = 0.5;

/** Before the first look. What was written before `now`, in an earlier life of the process, is nobody's delay. */
export function emptyBacklog(now: number): Backlog {
  return {
    first: undefined,
    rows: 0,
    ageMs: 0,
    overload: undefined,
    movedAt: now,
    takenSince: now,
  };
}

/**
 * The backlog after another look, and whether the service refuses because of it. Too many rows fill the disk, whatever the
 * reason. Old rows are one only as long as the log takes them: it is the log's absence that the outbox is there for, and
 * after it the relay has as long again to catch up. `now` in milliseconds, rising. Pure.
 */
export function afterLook(
  before: Backlog,
  look: Look,
  limits: BacklogLimits,
  now: number,
): Backlog {
  const stands = look.first !== undefined && look.first === before.first;
  const movedAt = stands ? before.movedAt : now;
  const takenSince = now - movedAt >= AWAY_MS ? now : before.takenSince;
  const behindMs = Math.min(look.ageMs, now - takenSince);
  const beyond = (reason: Overload, value: number, limit: number): boolean =>
    value >= (before.overload === reason ? RELEASE * limit : limit);
  return {
    ...look,
    movedAt,
    takenSince,
    overload: beyond('outbox-too-large', look.rows, limits.rows)
      ? 'outbox-too-large'
      : beyond('outbox-too-old', behindMs, limits.ageMs)
        ? 'outbox-too-old'
        : undefined,
  };
}
