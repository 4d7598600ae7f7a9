import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { SchedulerRegistry } from '@nestjs/schedule';
import { IdlePause, RegularsError } from '@regulars/kernel';
import { LOGGER, MetricsRegistry, type Logger } from '@regulars/observability';
import { Database } from '@regulars/persistence';
import { OnTimer } from './on-timer.js';
import { fireTimers } from './timer-fire.js';
import type { TimerHandler } from './timer-handler.js';
import { timerMetrics, type TimerMetrics } from './timer-metrics.js';
import { timerStore } from './timer-store.js';
import { timersSet } from './timers-set.js';

const SHORTEST_PAUSE_MS = 500;
/** Other replicas tell nobody of what they set; and a process that died may have left something. */
const LONGEST_PAUSE_MS = 8_000;
/** A longer pause ends with the next due time; and a clock that is moved tells nobody. */
const CERTAIN_MS = 1_500;
const BATCH = 200;
/** Longer than a batch takes; a crashed claimer's timers wait for so long. */
const LEASE_MS = 30_000;
const NEXT_LOOK = 'timers';

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
  private readonly pause = new IdlePause(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS);
  /** By `performance.now()`. */
  private lookAt = Infinity;

  constructor(
    private readonly database: Database,
    private readonly registry: MetricsRegistry,
    private readonly discovery: DiscoveryService,
    private readonly scheduler: SchedulerRegistry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.store = timerStore(database);
  }

  /** Begins to look for due timers: at once, when one comes due, and now and then. */
  start(): void {
    if (this.state !== 'new') return;
    this.state = 'started';
    this.findHandlers();
    if (this.handlers.size === 0) return;
    timersSet.on(this.database.options.service, this.lookSoon);
    this.wake();
  }

  /** Looks for due timers now: the simulated clock has moved, or somebody knows of a timer that is due. */
  wake(): void {
    if (this.state !== 'started') return;
    this.again = true;
    this.running ??= this.run();
  }

  /** Waits for timers being fired; after it nothing fires. Idempotent. */
  async stop(): Promise<void> {
    this.forgetNextLook();
    timersSet.off(this.database.options.service, this.lookSoon);
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

  private readonly lookSoon = (due: boolean): void => {
    this.pause.reset();
    if (due) this.wake();
    else this.lookLater(SHORTEST_PAUSE_MS);
  };

  private async run(): Promise<void> {
    this.forgetNextLook();
    let pauseMs = 0;
    while (this.again && this.state === 'started') {
      this.again = false;
      try {
        await this.fireAllDue();
        pauseMs = await this.untilNextLook();
        this.failing = false;
      } catch (error) {
        if (!this.failing)
          this.logger.warn({ err: error }, 'timers cannot be fired now; they stay due');
        this.failing = true;
        this.pause.reset();
        pauseMs = this.pause.next();
      }
    }
    this.running = undefined;
    this.lookLater(pauseMs);
  }

  private async untilNextLook(): Promise<number> {
    const pauseMs = this.pause.next();
    if (pauseMs <= CERTAIN_MS) return pauseMs;
    if (!this.database.clock.ticking) return CERTAIN_MS;
    const next = await this.nextDueAt();
    const dueInMs = next ? next.getTime() - this.database.clock.now().getTime() : Infinity;
    if (dueInMs > pauseMs) return pauseMs;
    // Another replica may fire it, and set the one after it.
    this.pause.reset();
    return Math.max(1, dueInMs);
  }

  /** No later than it was said already. */
  private lookLater(ms: number): void {
    const at = performance.now() + ms;
    if (this.state !== 'started' || this.lookAt <= at) return;
    this.forgetNextLook();
    this.lookAt = at;
    const timeout = setTimeout(() => {
      this.forgetNextLook();
      this.wake();
    }, ms);
    this.scheduler.addTimeout(NEXT_LOOK, timeout);
  }

  private forgetNextLook(): void {
    this.lookAt = Infinity;
    if (this.scheduler.doesExist('timeout', NEXT_LOOK)) this.scheduler.deleteTimeout(NEXT_LOOK);
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
      // Also when all that is due is locked by others: the next look comes by itself.
      if (leased === 0) return;
      this.pause.reset();
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
