export interface WatchdogOptions {
  /** Silent for so long is dead. */
  readonly watchdogMs: number;
  /** When the consumer last gave a sign of life, in milliseconds. */
  lastSign(): number;
  /** Whether the log answers others. */
  logAnswers(): Promise<boolean>;
  readonly onDead: () => void;
}

/** In its time. */
const LOOKS = 4;

/**
 * Reports a consumer that does nothing although it could: clients of Kafka are known to stall without an error. Where the
 * log is away nobody can do anything, and a process that ended for it would take its API along; once the log is
 * back, the consumer has its whole time again.
 */
export class ConsumerWatchdog {
  private timer: NodeJS.Timeout | undefined;
  private seen = 0;
  private silentLooks = 0;
  private asking = false;

  constructor(private readonly options: WatchdogOptions) {}

  start(): void {
    this.timer = setInterval(() => void this.look(), this.options.watchdogMs / LOOKS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    const blamed = this.silent() && (await this.options.logAnswers()) && this.silent();
    this.asking = false;
    // Counted in looks, not in time: while the whole process stood still, nobody could have done anything.
    this.silentLooks = blamed ? this.silentLooks + 1 : 0;
    if (this.silentLooks >= LOOKS) this.options.onDead();
  }

  private silent(): boolean {
    const before = this.seen;
    this.seen = this.options.lastSign();
    return this.seen === before;
  }
}
