/** The queue is full: refuse before drowning (G9). */
export class QueueFull extends Error {}

export interface GroupCommitOptions<Item, Outcome> {
  /** Works off a group in one transaction: one outcome per item, in order. A rejection fails the whole group. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Outcome[]>;
  readonly maxItems: number;
  /** A waiting item starts after this long even when another group is still on its way. */
  readonly maxWaitMs: number;
  /** The first item waits as well: for work that nobody waits for, where a lone transaction would be a waste. */
  readonly gathers?: boolean;
  /** Groups at once, each on a connection of its own. */
  readonly maxGroups: number;
  readonly maxWaiting: number;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly settle: (outcome: Outcome) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Joins concurrent items into one transaction. An item that comes alone starts at once; while a group is on its way,
 * the next ones gather until it is through, until there are `maxItems`, or for `maxWaitMs`, whichever comes first.
 */
export class GroupCommit<Item, Outcome> {
  private waiting: Waiting<Item, Outcome>[] = [];
  private groups = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: GroupCommitOptions<Item, Outcome>) {}

  get waitingCount(): number {
    return this.waiting.length;
  }

  /** Nothing waits and nothing is on its way. */
  get idle(): boolean {
    return this.waiting.length === 0 && this.groups === 0;
  }

  /** Resolves after the commit. Rejects with {@link QueueFull} when too many are waiting. */
  submit(item: Item): Promise<Outcome> {
    if (this.waiting.length >= this.options.maxWaiting) return Promise.reject(new QueueFull());
    return new Promise((settle, fail) => {
      this.waiting.push({ item, settle, fail });
      const { maxItems, maxGroups, gathers = false } = this.options;
      const full = this.waiting.length >= maxItems;
      if ((this.groups === 0 && !gathers) || (full && this.groups < maxGroups)) this.start();
      else this.timer ??= setTimeout(this.overdue, this.options.maxWaitMs);
    });
  }

  private readonly overdue = (): void => {
    this.timer = undefined;
    // With every lane taken the first one that ends takes them along.
    if (this.waiting.length > 0 && this.groups < this.options.maxGroups) this.start();
  };

  private start(): void {
    const group = this.waiting.splice(0, this.options.maxItems);
    if (this.waiting.length === 0) this.stopTimer();
    this.groups += 1;
    void this.work(group).finally(() => {
      this.groups -= 1;
      if (this.mayStart()) this.start();
    });
  }

  private mayStart(): boolean {
    const { maxItems, gathers = false } = this.options;
    if (this.waiting.length === 0) return false;
    return !gathers || this.timer === undefined || this.waiting.length >= maxItems;
  }

  private async work(group: readonly Waiting<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await this.options.commit(group.map(({ item }) => item));
      if (outcomes.length !== group.length) {
        throw new TypeError('A group was answered with another number of outcomes.');
      }
      group.forEach(({ settle }, index) => {
        settle(outcomes[index] as Outcome);
      });
    } catch (error) {
      for (const { fail } of group) fail(error);
    }
  }

  private stopTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
