import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { LOGGER, type Logger } from '@regulars/observability';
import { Database } from '@regulars/persistence';
import { QuiescenceProbes } from '@regulars/service';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import { Sender } from './sender.use-case.js';
import { sendStore } from './send.store.js';

const POLL_MS = 1_000;
const EXPIRED_PER_ROUND = 50;

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

  constructor(
    private readonly database: Database,
    private readonly sender: Sender,
    @Inject(CAMPAIGN_SETTINGS) private readonly settings: CampaignSettings,
    @Inject(LOGGER) private readonly logger: Logger,
    probes: QuiescenceProbes,
  ) {
    probes.add(() => this.idle());
  }

  /** Once it is known what has left already. */
  start(): void {
    this.poll ??= setInterval(() => {
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

  /** Provider calls under way. */
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
        await this.sender.settleExpired(EXPIRED_PER_ROUND);
        await this.fill();
        this.failing = false;
      } catch (error) {
        // The rows stay ready; the next round tries again.
        if (!this.failing) this.logger.warn({ err: error }, 'touches cannot be sent now');
        this.failing = true;
      }
    }
  }

  private async fill(): Promise<void> {
    for (;;) {
      const free = this.settings.dispatchConcurrency - this.sending.size;
      if (free <= 0) return;
      const leased = this.stopped ? [] : await this.sender.lease(free);
      if (leased.length === 0) return;
      for (const touch of leased) this.begin(touch);
    }
  }

  private begin(touch: { id: string; customerId: string }): void {
    const call = this.sender
      .send(touch)
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'a send was not recorded and will be settled later');
      })
      .finally(() => {
        this.sending.delete(call);
        this.wake();
      });
    this.sending.add(call);
  }
}
