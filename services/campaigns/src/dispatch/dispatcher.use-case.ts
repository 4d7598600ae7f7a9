import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { IdlePause } from '@regulars/kernel';
import { LOGGER, type Logger } from '@regulars/observability';
import { Database, GroupCommit } from '@regulars/persistence';
import { QuiescenceProbes } from '@regulars/service';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import type { Answered } from './finish-send.use-case.js';
import { SendSlots } from './send-slots.js';
import { sendStore, type TouchKey } from './send.store.js';
import { Sender } from './sender.use-case.js';
import type { Worded } from './word-touches.use-case.js';

/** The fallback when a wake-up was lost, and how other replicas find work; while nothing is found the looks grow rarer. */
const POLL_MS = 1_000;
const LONGEST_POLL_MS = 4_000;
const EXPIRED_PER_ROUND = 50;
/** An answer waits so long for others to be recorded with it: the message has left, nobody waits for its record. */
const ANSWER_WAIT_MS = 20;
/** A slot waits so long for others to be filled with it. */
const SLOT_WAIT_MS = 20;
/** So many times as many as are sent at once are leased together; a stop hands back the rest. */
const LEASED_ROUNDS = 4;

/**
 * Sends ready touches, so many at a time. Woken by the commit that made one ready and by an interval; several
 * replicas share the work by leases. A stop lets sends under way finish and begins no new ones.
 */
@Injectable()
export class Dispatcher implements BeforeApplicationShutdown {
  private readonly sending = new Set<Promise<void>>();
  private readonly slots: SendSlots;
  /** Ours to reserve, oldest first. */
  private leased: TouchKey[] = [];
  private poll: NodeJS.Timeout | undefined;
  private readonly pause = new IdlePause(POLL_MS, LONGEST_POLL_MS);
  private round: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private failing = false;
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
      maxWaiting: 2 * settings.dispatchConcurrency,
    });
    this.slots = new SendSlots(settings.dispatchConcurrency, SLOT_WAIT_MS);
    probes.add(() => this.idle());
  }

  /** Once it is known what has left already. */
  start(): void {
    if (!this.poll) this.lookLater();
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
    clearTimeout(this.poll);
    this.slots.close();
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
        await this.fill();
        this.failing = false;
      } catch (error) {
        // The rows stay ready; the next round tries again.
        if (!this.failing) this.logger.warn({ err: error }, 'touches cannot be sent now');
        this.failing = true;
        this.pause.reset();
        this.lookLater();
      }
    }
  }

  private lookLater(): void {
    clearTimeout(this.poll);
    if (this.stopped) return;
    this.poll = setTimeout(() => {
      this.expiredMayBe = true;
      this.wake();
      this.lookLater();
    }, this.pause.next());
    this.poll.unref();
  }

  /** Until nothing is ready. While calls are under way the next ones are reserved. */
  private async fill(): Promise<void> {
    try {
      while (await this.leaseSome()) {
        this.pause.reset();
        // Reserves no more than can be called at once: a reserved touch waits for nothing.
        const next = this.leased.splice(0, await this.slots.free());
        if (next.length === 0) break;
        for (const reserved of await this.sender.reserve(next)) this.begin(reserved);
      }
    } finally {
      await this.sender.handBack(this.leased.splice(0));
    }
  }

  /** Whether any are there to be reserved. */
  private async leaseSome(): Promise<boolean> {
    if (this.expiredMayBe) await this.sender.settleExpired(EXPIRED_PER_ROUND);
    this.expiredMayBe = false;
    if (this.stopped) return false;
    if (this.leased.length === 0)
      this.leased = await this.sender.lease(LEASED_ROUNDS * this.settings.dispatchConcurrency);
    return this.leased.length > 0;
  }

  private begin(reserved: Worded): void {
    this.slots.take();
    const sending = this.send(reserved)
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'a send was not recorded and will be settled later');
      })
      .finally(() => {
        this.sending.delete(sending);
      });
    this.sending.add(sending);
  }

  private async send(reserved: Worded): Promise<void> {
    try {
      const result = await this.sender.call(reserved).finally(() => {
        this.slots.answered();
      });
      await this.answers.submit({ touch: reserved.touch, result });
    } finally {
      this.slots.recorded();
    }
  }
}
