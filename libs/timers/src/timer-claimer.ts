import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { SchedulerRegistry } from '@nestjs/schedule';
import { RegularsError } from '@regulars/kernel';
import { LOGGER, MetricsRegistry, type Logger } from '@regulars/observability';
import { Database } from '@regulars/persistence';
import { OnTimer } from './on-timer.js';
import { fireTimers } from './timer-fire.js';
import type { TimerHandler } from './timer-handler.js';
import { timerMetrics, type TimerMetrics } from './timer-metrics.js';
import { timerStore } from './timer-store.js';

const POLL_MS = 500;
const BATCH = 200;
/** Longer than a batch takes; a crashed claimer's timers wait for so long. */
const LEASE_MS = 30_000;
const INTERVAL = 'timers';

/**
 * Fires due timers through the providers marked {@link OnTimer}. The frame calls `start` when the service may act and
 * `stop` before its pool closes. Any number of replicas may run one.
 */
@Injectable()
export class TimerClaimer implements OnApplicationShutdown {
  private readonly store;
  private readonly handlers = new Map<string, TimerHandler>();
  private metrics: TimerMetrics;
  private running: Promise<void> | undefined;
  private again = false;
  private state: 'new' | 'started' | 'stopped' = 'new';
  private failing = false;

  constructor(
    private readonly database: Database,
    private readonly registry: MetricsRegistry,
    private readonly discovery: DiscoveryService,
    private readonly scheduler: SchedulerRegistry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.store = timerStore(database);
  }

  /** Begins to look for due timers, at once and then every 500 ms. */
  start(): void {
    if (this.state !== 'new') return;
    this.state = 'started';
    this.findHandlers();
    if (this.handlers.size === 0) return;
    const poll = setInterval(() => {
      this.wake();
    }, POLL_MS);
    this.scheduler.addInterval(INTERVAL, poll);
    this.wake();
  }

  /** Looks for due timers now: the simulated clock has moved, or somebody knows of a timer that is due. */
  wake(): void {
    if (this.state !== 'started') return;
    this.again = true;
    this.running ??= this.run().finally(() => {
      this.running = undefined;
    });
  }

  /** Waits for timers being fired; after it nothing fires. Idempotent. */
  async stop(): Promise<void> {
    if (this.scheduler.doesExist('interval', INTERVAL)) this.scheduler.deleteInterval(INTERVAL);
    this.state = 'stopped';
    await this.running;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  /** The next due time after now, for the simulated clock to jump to. */
  async nextDueAt(): Promise<Date | undefined> {
    return this.store.nextDueAt(this.kinds);
  }

  /** Whether a timer is due or being fired. */
  async busy(): Promise<boolean> {
    return this.running !== undefined || (await this.store.anyDue(this.kinds));
  }

  /** Whether timers are being looked for or fired by this process just now. */
  get firing(): boolean {
    return this.running !== undefined;
  }

  /** The kinds that this service fires. */
  get kinds(): readonly string[] {
    return [...this.handlers.keys()];
  }

  private async run(): Promise<void> {
    while (this.again && this.state === 'started') {
      this.again = false;
      try {
        await this.fireAllDue();
        this.failing = false;
      } catch (error) {
        if (!this.failing)
          this.logger.warn({ err: error }, 'timers cannot be fired now; they stay due');
        this.failing = true;
      }
    }
  }

  /** Rounds of one batch per kind, so that a kind with many due timers does not keep the others waiting. */
  private async fireAllDue(): Promise<void> {
    for (;;) {
      const due = await this.store.dueKinds(this.kinds);
      this.metrics.due.set(due.reduce((sum, kind) => sum + kind.due, 0));
      let leased = 0;
      for (const { kind } of due) {
        if (this.state !== 'started') return;
        leased += await this.fireBatch(kind);
      }
      // Also when all that is due is locked by others: the next look comes with the interval.
      if (leased === 0) return;
    }
  }

  private async fireBatch(kind: string): Promise<number> {
    const handler = this.handlers.get(kind);
    if (!handler) return 0;
    const leased = await this.store.lease(kind, handler.atMost ?? BATCH, LEASE_MS);
    if (leased.length === 0) return 0;
    await fireTimers(handler, leased, {
      database: this.database,
      metrics: this.metrics,
      onPutOff: ({ key }, error) => {
        this.logger.error({ err: error, kind, key }, 'a timer failed and is put off');
      },
    });
    return leased.length;
  }

  private findHandlers(): void {
    for (const provider of this.discovery.getProviders({ metadataKey: OnTimer.KEY })) {
      const kind = this.discovery.getMetadataByDecorator(OnTimer, provider);
      if (kind === undefined) continue;
      if (this.handlers.has(kind)) {
        throw new RegularsError('timer-kind-taken', `Two providers fire timers of ${kind}.`);
      }
      this.handlers.set(kind, provider.instance as TimerHandler);
    }
    this.metrics = timerMetrics(this.registry, this.kinds);
  }
}
