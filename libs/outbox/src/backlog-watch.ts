import { toError } from '@regulars/kernel';
import type { MetricsRegistry } from '@regulars/observability';
import type { Database } from '@regulars/persistence';
import {
  afterLook,
  emptyBacklog,
  type Backlog,
  type BacklogLimits,
  type Overload,
} from './backlog.js';
import { relayStore } from './relay-store.js';
import { wakeUps } from './wake-ups.js';

export interface BacklogWatchOptions {
  readonly database: Database;
  readonly limits: BacklogLimits;
  readonly metrics: MetricsRegistry;
  /** No unsent row is at or below it: spares wading through dead ones. */
  readonly passed: () => number;
  /** Refusing began with this reason, or ended. */
  readonly onChange: (overload: Overload | undefined, rows: number) => void;
  readonly onError: (error: Error) => void;
}

const LOOK_MS = 250;
const OVERLOADS: readonly Overload[] = ['outbox-too-large', 'outbox-too-old'];

/**
 * How far the relay is behind this process, for whoever takes in more. It looks by one index probe, a few times a second
 * and only while something waits: an idle service is not looked at, and no request asks the database.
 */
export class BacklogWatch {
  private backlog: Backlog = emptyBacklog(performance.now());
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;
  private readonly refusing;

  constructor(private readonly options: BacklogWatchOptions) {
    this.refusing = options.metrics.gauge(
      'regulars_intake_refusing',
      '1 while more is refused because the outbox is behind.',
      ['reason'],
    );
    for (const reason of OVERLOADS) this.refusing.set({ reason }, 0);
  }

  /** Why no more is taken in; undefined: all is well. */
  get overload(): Overload | undefined {
    return this.backlog.overload;
  }

  /** Age of the oldest unsent row at the last look. */
  get ageMs(): number {
    return this.backlog.ageMs;
  }

  start(): void {
    wakeUps.on(this.options.database.options.service, this.lookSoon);
    this.lookSoon();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    wakeUps.off(this.options.database.options.service, this.lookSoon);
    clearTimeout(this.timer);
    await this.looking;
  }

  private readonly lookSoon = (): void => {
    if (this.stopped) return;
    this.timer ??= setTimeout(() => {
      // Before the look: what commits while it reads asks for another one.
      this.timer = undefined;
      this.looking = this.look();
    }, LOOK_MS).unref();
  };

  private async look(): Promise<void> {
    const { database, limits, passed, onChange, onError } = this.options;
    const before = this.backlog.overload;
    try {
      const look = await relayStore(database).look(passed());
      this.backlog = afterLook(this.backlog, look, limits, performance.now());
      const { overload, rows } = this.backlog;
      for (const reason of OVERLOADS) this.refusing.set({ reason }, overload === reason ? 1 : 0);
      if (overload !== before) onChange(overload, rows);
    } catch (error) {
      onError(toError(error));
    }
    if (this.backlog.first !== undefined) this.lookSoon();
  }
}
