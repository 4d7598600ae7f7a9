import type { LogRecord } from '../event-log.js';

/** Consumers that keep pace with one another are seldom further apart. */
const MAX_BYTES = 8 << 20;
/** What a record takes beside its value: key, headers and their objects. */
const RECORD_BYTES = 512;

/** What is in a partition from an offset to before `next`, which may be past its last record: the rest was compacted away. */
export interface Piece {
  readonly records: readonly LogRecord[];
  readonly next: bigint;
}

interface Stretch extends Piece {
  readonly partition: string;
  readonly from: bigint;
  readonly bytes: number;
}

/**
 * Stretches of partitions that were read lately. An offset never gets another record, so what was read once is good for
 * every reader; the oldest stretches make room.
 */
export class RecentStretches {
  /** In the order in which they were read, as are those of each partition. */
  private readonly all = new Set<Stretch>();
  private readonly byPartition = new Map<string, Stretch[]>();
  private bytes = 0;

  constructor(private readonly maxBytes = MAX_BYTES) {}

  keep(partition: string, from: bigint, { records, next }: Piece): void {
    if (next <= from) return;
    const bytes = records.reduce(
      (sum, { value }) => sum + RECORD_BYTES + (value?.byteLength ?? 0),
      RECORD_BYTES,
    );
    const stretch = { partition, from, records, next, bytes };
    this.all.add(stretch);
    this.bytes += bytes;
    const others = this.byPartition.get(partition);
    if (others) others.push(stretch);
    else this.byPartition.set(partition, [stretch]);
    for (const oldest of this.all) {
      if (this.bytes <= this.maxBytes) return;
      this.forget(oldest);
    }
  }

  /** Some of what is known from this offset on without a gap, so many records at least if they are; else undefined. */
  from(partition: string, offset: bigint, enough: number): Piece | undefined {
    const stretches = this.byPartition.get(partition) ?? [];
    // The newest: who reads is seldom far behind.
    const index = stretches.findLastIndex(({ from, next }) => from <= offset && offset < next);
    const first = stretches[index];
    if (!first) return undefined;
    const records = first.records.filter((one) => one.offset >= offset);
    let { next } = first;
    for (const after of stretches.slice(index + 1)) {
      if (records.length >= enough) break;
      if (after.from !== next) continue;
      records.push(...after.records);
      ({ next } = after);
    }
    return { records, next };
  }

  /** What was removed from the log since is not handed out any more. */
  clear(): void {
    this.all.clear();
    this.byPartition.clear();
    this.bytes = 0;
  }

  private forget(oldest: Stretch): void {
    this.all.delete(oldest);
    this.byPartition.get(oldest.partition)?.shift();
    this.bytes -= oldest.bytes;
  }
}
