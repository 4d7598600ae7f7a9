/**
 * How many touches may be reserved now. A slot is taken by a reservation and is free again with the provider's answer;
 * answers that wait to be recorded are bounded as well. Slots are handed out together: a reservation costs the same
 * for one touch as for all.
 */
export class SendSlots {
  private calling = 0;
  private unrecorded = 0;
  private gathered: NodeJS.Timeout | undefined;
  private settle: ((free: number) => void) | undefined;
  private closed = false;

  constructor(
    private readonly most: number,
    /** One call that is slow keeps the slots of the others empty for no longer than that. */
    private readonly gatherMs: number,
  ) {}

  /** Taken, or answered and not recorded. */
  get inUse(): number {
    return this.calling + this.unrecorded;
  }

  /** All slots as soon as they are free, some of them after a while; 0 = closed. One waits at a time. */
  async free(): Promise<number> {
    if (this.closed) return 0;
    if (this.now === this.most) return this.most;
    return new Promise((settle) => {
      this.settle = settle;
      this.look();
    });
  }

  take(): void {
    this.calling += 1;
  }

  answered(): void {
    this.calling -= 1;
    this.unrecorded += 1;
    this.look();
  }

  recorded(): void {
    this.unrecorded -= 1;
    this.look();
  }

  /** Nobody waits any more. */
  close(): void {
    this.closed = true;
    this.hand(0);
  }

  private get now(): number {
    return this.most - Math.max(this.calling, this.inUse - this.most);
  }

  private look(): void {
    if (!this.settle || this.now === 0) return;
    if (this.now === this.most) this.hand(this.most);
    else
      this.gathered ??= setTimeout(() => {
        this.gathered = undefined;
        this.hand(this.now);
      }, this.gatherMs);
  }

  private hand(free: number): void {
    clearTimeout(this.gathered);
    this.gathered = undefined;
    this.settle?.(free);
    this.settle = undefined;
  }
}
