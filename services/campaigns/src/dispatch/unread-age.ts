/** An end of a partition, and since when we know of it. */
export interface Mark {
  readonly end: bigint;
  readonly seenAtMs: number;
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
 * Remembers when each end of the log was first seen, and forgets the ones that are read. Records that were there
 * before the first look may be of any age: they count as unread for ever until they are read. Pure.
 */
export function noteEnds(
  known: Marks,
  readings: readonly PartitionReading[],
  nowMs: number,
): Marks {
  return new Map(
    readings.map(({ partition, end, position }) => {
      const before = known.get(partition);
      const unread = (before ?? []).filter((mark) => mark.end > position);
      const newest = before?.at(-1)?.end ?? -1n;
      if (end <= position || end <= newest || unread.length >= MOST_MARKS)
        return [partition, unread.length > 0 || before ? unread : []];
      const seenAtMs = before === undefined ? -Infinity : nowMs;
      return [partition, [...unread, { end, seenAtMs }]];
    }),
  );
}

/** How long ago the oldest unread record was there already; 0 = everything is read. */
export function oldestUnreadMs(marks: Marks, nowMs: number): number {
  const oldest = [...marks.values()].flatMap(([first]) => (first ? [first.seenAtMs] : []));
  return oldest.length === 0 ? 0 : nowMs - Math.min(...oldest);
}
