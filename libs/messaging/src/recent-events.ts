import type { Consumed, Stream } from '@regulars/contracts';
import type { LogRecord } from './event-log.js';

/** Consumers that keep pace with one another are seldom further apart. */
const MAX_BYTES = 8 << 20;

interface Kept {
  readonly event: Consumed<Stream>;
  readonly bytes: number;
}

/**
 * What consumers of a process have decoded lately, by its place in the log that they all read: up to four services read a
 * record, and to decode and check it costs more than most of them do with it. A place never gets another record.
 */
export class RecentEvents {
  private readonly kept = new Map<string, Kept>();
  private bytes = 0;

  constructor(private readonly maxBytes = MAX_BYTES) {}

  of(record: LogRecord): Consumed<Stream> | undefined {
    return this.kept.get(placeOf(record))?.event;
  }

  /** The oldest ones make room. */
  keep(record: LogRecord, event: Consumed<Stream>): void {
    const bytes = record.value?.byteLength ?? 0;
    this.kept.set(placeOf(record), { event, bytes });
    this.bytes += bytes;
    for (const [place, oldest] of this.kept) {
      if (this.bytes <= this.maxBytes) return;
      this.kept.delete(place);
      this.bytes -= oldest.bytes;
    }
  }
}

function placeOf({ topic, partition, offset }: LogRecord): string {
  return `${topic}/${String(partition)}/${String(offset)}`;
}
