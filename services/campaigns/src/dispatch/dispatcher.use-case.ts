import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { LOGGER, type Logger } from '@regulars/observability';
import { Database, GroupCommit } from '@regulars/persistence';
import { QuiescenceProbes } from '@regulars/service';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import type { Answered } from './finish-send.use-case.js';
import { sendStore } from './send.store.js';
import { Sender } from './sender.use-case.js';
import type { Worded } from './word-touches.use-case.js';

const POLL_MS = 1_000;
const EXPIRED_PER_ROUND = 50;
/** An answer waits so long for others to be recorded with it: the message has left, nobody waits for its record. */
const ANSWER_WAIT_MS = 20;

/**
 * Sends ready touches, so many at a time. Woken by the commit that made one ready and by an interval; several
 * replicas share the work by leases. A stop lets sends under way finish and begins no new ones.
 */
@Injectable()
export class Dispatcher implements BeforeApplicationShutdown {
  private readonly sending = new Set<Promise<void>>();
  private poll: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private failing = false;
  /** The last look found as many as it asked for: there may be others. Those that become ready later wake us. */
  private moreReady = false;
  /** Leases run out by themselves: nobody wakes us for that. */
  private expiredMayBe = true;
  /** Those that come together are recorded together; one that is slow keeps no other waiting. */
  private readonly answers: GroupCommit<Answered, Answered>;

  constructor(
    private readonly database: Database,
    private readonly sender: Sender,
    @Inject(CAMPAIGN_SETTINGS) private readonly settings: CampaignSettings,
    @Inject(LOGGER) private readonly logger: Logger,
    probes: QuiescenceProbes,
  ) {
    this.answers = new GroupCommit({
      commit: async (answered) => {
        await sender.record(answered);
        return answered;
      },
      maxItems: settings.dispatchConcurrency,
      maxWaitMs: ANSWER_WAIT_MS,
      gathers: true,
      maxGroups: 2,
      maxWaiting: settings.dispatchConcurrency,
    });
    probes.add(() => this.idle());
  }

  /** Once it is known what has left already. */
  start(): void {
    this.poll ??= setInterval(() => {
      this.expiredMayBe = true;
      this.wake();
    }, POLL_MS);
    this.poll.unref();
  }

  /** Looks for ready touches now. */
  wake(): void {
    if (this.stopped || !this.poll) return;
    this.again = true;
    this.round ??= this.run().finally(() => {
      this.round = undefined;
    });
  }

  /** Sends under way: reserved, and what came of them not yet recorded. */
  inFlight(): number {
    return this.sending.size;
  }

  /** Whether nothing is being sent or waits to be: what the simulated clock asks before it jumps. */
  async idle(): Promise<boolean> {
    if (this.sending.size > 0 || this.round !== undefined) return false;
    return !(await sendStore(this.database).anyReady());
  }

  /** Finishes the calls under way; begins none. Idempotent. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.poll);
    await this.round;
    await Promise.all(this.sending);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  private async run(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      try {
        if (this.expiredMayBe) await this.sender.settleExpired(EXPIRED_PER_ROUND);
        this.expiredMayBe = false;
        await this.fill();
        this.failing = false;
      } catch (error) {
        // The rows stay ready; the next round tries again.
        if (!this.failing) this.logger.warn({ err: error }, 'touches cannot be sent now');
        this.failing = true;
      }
    }
  }

  /** Reserves no more than can be called at once: a reserved touch waits for nothing. */
  private async fill(): Promise<void> {
    while (!this.stopped) {
      const free = this.settings.dispatchConcurrency - this.sending.size;
      if (free <= 0) return;
      const leased = await this.sender.lease(free);
      this.moreReady = leased.length === free;
      if (leased.length === 0) return;
      for (const reserved of await this.sender.reserve(leased)) this.begin(reserved);
      if (!this.moreReady) return;
    }
  }

  private begin(reserved: Worded): void {
    const sending = this.send(reserved)
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'a send was not recorded and will be settled later');
      })
      .finally(() => {
        this.sending.delete(sending);
        if (this.moreReady) this.wake();
      });
    this.sending.add(sending);
  }

  private async send(reserved: Worded): Promise<void> {
    const result = await this.sender.call(reserved);
    await this.answers.submit({ touch: reserved.touch, result });
  }
}
