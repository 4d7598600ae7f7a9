interface Entry {
  /** When the oldest of its events came. */
  readonly sinceMs: number;
  readonly begin: () => void;
}

/**
 * Lets consumers that share a process work in turn: so many transactions at once, the longest waiting first. However much
 * there is to catch up on, whoever calls the process meanwhile finds a processor and a short event loop.
 */
export class Turns {
  private readonly entries = new Set<Entry>();
  private readonly waiting: Entry[] = [];
  private free: number;

  constructor(atOnce: number) {
    this.free = atOnce;
  }

  /** How old the oldest event is that waits for its turn or is being worked on; 0 while there is none. */
  get behindMs(): number {
    if (this.entries.size === 0) return 0;
    const oldest = Math.min(...[...this.entries].map(({ sinceMs }) => sinceMs));
    return Math.max(0, Date.now() - oldest);
  }

  async take<T>(sinceMs: number, work: () => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const entry = {
      sinceMs,
      begin: () => {
        resolve(undefined);
      },
    };
    this.entries.add(entry);
    this.waiting.push(entry);
    this.next();
    try {
      await promise;
      return await work();
    } finally {
      this.entries.delete(entry);
      this.free += 1;
      this.next();
    }
  }

  private next(): void {
    if (this.free === 0) return;
    const entry = this.waiting.shift();
    if (!entry) return;
    this.free -= 1;
    entry.begin();
  }
}
