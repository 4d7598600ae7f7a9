/** An end of a partition, and when it was not there yet. */
export interface Mark {
  readonly end: bigint;
  readonly sinceMs: number;
}

export interface PartitionReading {
  readonly partition: string;
  readonly end: bigint;
  /** The next offset that is not applied yet. */
  readonly position: bigint;
}

export type Marks = ReadonlyMap<string, readonly Mark[]>;

/** So many ends are remembered per partition; older ones are the ones that matter. */
const MOST_MARKS = 32;

/**
 * Remembers when each end of the log was not there yet, and forgets the ones that are read: never younger than they are.
 * `sinceMs` is the look before this one. Records that were there before the first look may be of any age (-Infinity):
 * they count as unread for ever until they are read. Pure.
 */
export function noteEnds(
  known: Marks,
  readings: readonly PartitionReading[],
  sinceMs: number,
): Marks {
  return new Map(
    readings.map(({ partition, end, position }) => {
      const before = known.get(partition);
      const unread = (before ?? []).filter((mark) => mark.end > position);
      const newest = before?.at(-1)?.end ?? -1n;
      if (end <= position || end <= newest || unread.length >= MOST_MARKS)
        return [partition, unread.length > 0 || before ? unread : []];
      return [partition, [...unread, { end, sinceMs }]];
    }),
  );
}

/** How long the oldest unread record may have been there; 0 = everything is read. */
export function oldestUnreadMs(marks: Marks, nowMs: number): number {
  const oldest = [...marks.values()].flatMap(([first]) => (first ? [first.sinceMs] : []));
  return oldest.length === 0 ? 0 : nowMs - Math.min(...oldest);
}
