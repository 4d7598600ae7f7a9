import type { PartitionOffset } from '../event-log.js';

/** A write per batch would cost as much as a small batch itself. */
const WRITE_EVERY_MS = 1_000;

/**
 * The group's offsets on their way into the log, the newest per partition, one write at a time and at most one a second. They are only the
 * second record of progress; one that cannot be written waits for the next.
 */
export class GroupProgress {
  private readonly unwritten = new Map<string, PartitionOffset>();
  private writing: Promise<boolean> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly write: (offsets: readonly PartitionOffset[]) => Promise<void>) {}

  reached(offset: PartitionOffset): void {
    this.unwritten.set(`${offset.topic}/${String(offset.partition)}`, offset);
    this.timer ??= setTimeout(() => void this.flush(), WRITE_EVERY_MS).unref();
  }

  /** Resolves when everything so far is written, or cannot be. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (;;) {
      this.writing ??= this.writeAll().finally(() => {
        this.writing = undefined;
      });
      const written = await this.writing;
      // One may have come in just as the last write ended.
      if (!written || this.unwritten.size === 0) return;
    }
  }

  private async writeAll(): Promise<boolean> {
    while (this.unwritten.size > 0) {
      const offsets = [...this.unwritten];
      this.unwritten.clear();
      try {
        await this.write(offsets.map(([, offset]) => offset));
      } catch {
        // Kept unless a newer one came meanwhile. The stored offsets hold, so nothing is lost by waiting.
        for (const [name, offset] of offsets) {
          if (!this.unwritten.has(name)) this.unwritten.set(name, offset);
        }
        return false;
      }
    }
    return true;
  }
}
