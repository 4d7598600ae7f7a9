import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { topics } from '@regulars/contracts';
import { consumerStore, type EventLog } from '@regulars/messaging';
import { LOGGER, type Logger } from '@regulars/observability';
import { IdlePause } from '@regulars/kernel';
import { Database } from '@regulars/persistence';
import { EVENT_LOG } from '@regulars/service';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import { noteEnds, oldestUnreadMs, type Marks } from './unread-age.js';

const LOOK_MS = 2_000;
/** While all is read. */
const LONGEST_LOOK_MS = 6_000;
const watched = [topics.purchase.name, topics.customer.name];

/**
 * How old the oldest unread purchase or consent is, over all partitions: while that is too much, nothing is reserved,
 * for who bought or opted out a minute ago must not be written to. Real time, also under a simulated clock.
 */
@Injectable()
export class ReadingProgress implements OnApplicationBootstrap, OnApplicationShutdown {
  private marks: Marks = new Map();
  /** undefined: the log's ends could not be read yet. */
  private lookedAtMs: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private stopped = false;
  private failing = false;
  private readonly pause: IdlePause;

  constructor(
    private readonly database: Database,
    @Inject(EVENT_LOG) private readonly log: EventLog | null,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CAMPAIGN_SETTINGS) { behindLimitMs }: CampaignSettings,
  ) {
    // A look that is too old counts as behind.
    this.pause = new IdlePause(
      LOOK_MS,
      Math.max(LOOK_MS, Math.min(LONGEST_LOOK_MS, behindLimitMs / 4)),
    );
  }

  onApplicationBootstrap(): void {
    if (this.log) this.lookAgain(0);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  /** What cannot be read, or was not for as long as the limit, counts as behind. */
  isBehind(limitMs: number): boolean {
    if (!this.log) return false;
    const now = performance.now();
    if (this.lookedAtMs === undefined || now - this.lookedAtMs > limitMs) return true;
    return oldestUnreadMs(this.marks, now) > limitMs;
  }

  /** Nothing was looked at yet, or what was there before the first look is still being read: wait in real time. */
  isCatchingUp(): boolean {
    if (!this.log) return false;
    return (
      this.lookedAtMs === undefined || oldestUnreadMs(this.marks, performance.now()) === Infinity
    );
  }

  private lookAgain(afterMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.looking = this.look().finally(() => {
        this.lookAgain(this.pause.next());
      });
    }, afterMs);
    this.timer.unref();
  }

  private async look(): Promise<void> {
    if (!this.log) return;
    // Before the reading: what comes meanwhile is younger.
    const now = performance.now();
    try {
      const ends = await this.log.endOffsets(watched);
      const { service } = this.database.options;
      const positions = await consumerStore(this.database, service).positions(watched);
      const applied = new Map(positions.map((at) => [nameOf(at), at.offset]));
      this.marks = noteEnds(
        this.marks,
        ends.map((at) => ({
          partition: nameOf(at),
          end: at.offset,
          position: applied.get(nameOf(at)) ?? 0n,
        })),
        this.lookedAtMs ?? -Infinity,
      );
      this.lookedAtMs = now;
      if ([...this.marks.values()].some((unread) => unread.length > 0)) this.pause.reset();
      this.failing = false;
    } catch (error) {
      // Counts as behind once the last look is too old: nothing leaves meanwhile.
      if (!this.failing) this.logger.warn({ err: error }, "the log's ends cannot be read");
      this.failing = true;
      this.pause.reset();
    }
  }
}

const nameOf = ({ topic, partition }: { topic: string; partition: number }): string =>
  `${topic}/${String(partition)}`;
