import { together } from '@regulars/kernel';
import { topics, type Stream } from '@regulars/contracts';
import { consumerStore, deadLetterStore, type EventLog } from '@regulars/messaging';
import type { Logger, MetricsRegistry } from '@regulars/observability';
import { relayStore, type Relay } from '@regulars/outbox';
import type { Database } from '@regulars/persistence';

export interface PipelineParts {
  readonly group: string;
  readonly database: Database;
  readonly log: EventLog;
  readonly relay: Relay;
  readonly metrics: MetricsRegistry;
  readonly logger: Logger;
  streams(): readonly Stream[];
}

/** While something waits; and when nothing has for a while, so that an idle house stays idle. */
const BUSY_REFRESH_MS = 1_000;
const IDLE_REFRESH_MS = 16_000;
const QUIET_REFRESHES = 5;
/** Who reads an idle house hastens the next look; so often at most, whoever reads. */
const ASKED_REFRESH_MS = 500;

/** Gauges that only the database and the log can answer; refreshed aside from the scrape, so that a slow one delays nobody. */
export class PipelineGauges {
  private timer: NodeJS.Timeout | undefined;
  private quiet = 0;
  private looking = false;
  private lookedAt = 0;
  private readonly gauges;

  constructor(private readonly parts: PipelineParts) {
    const { metrics } = parts;
    this.gauges = {
      unsent: metrics.gauge('regulars_outbox_unsent_rows', 'Outbox rows not yet acknowledged.'),
      oldest: metrics.gauge(
        'regulars_outbox_oldest_unsent_timestamp_seconds',
        'When the oldest unsent outbox row was written; 0 = none waits.',
      ),
      refused: metrics.gauge('regulars_outbox_refused_rows', 'Rows that the log will never take.'),
      leader: metrics.gauge('regulars_relay_leader', '1 in the replica whose relay is active.'),
      lag: metrics.gauge('regulars_consumer_lag_records', 'Records not yet worked off.', ['topic']),
      dead: metrics.gauge('regulars_dead_letters', 'Dead letters that stand.'),
      oldestDead: metrics.gauge(
        'regulars_dead_letters_oldest_timestamp_seconds',
        'When the oldest standing dead letter failed first; 0 = none.',
      ),
      refreshed: metrics.heardGauge(
        'regulars_pipeline_refreshed_timestamp_seconds',
        'When unsent rows, lag and dead letters were last read.',
        () => {
          this.hasten();
        },
      ),
    };
    for (const gauge of [this.gauges.unsent, this.gauges.oldest, this.gauges.refused]) gauge.set(0);
    for (const gauge of [this.gauges.leader, this.gauges.dead, this.gauges.oldestDead])
      gauge.set(0);
    this.gauges.refreshed.set(0);
  }

  start(): void {
    for (const stream of this.parts.streams())
      this.gauges.lag.set({ topic: topics[stream].name }, 0);
    this.schedule(0);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** The reader gets what is known; he who reads again soon gets what is true then. */
  private hasten(): void {
    if (this.timer === undefined || this.looking) return;
    clearTimeout(this.timer);
    this.schedule(Math.max(0, this.lookedAt + ASKED_REFRESH_MS - Date.now()));
  }

  private schedule(ms: number): void {
    this.timer = setTimeout(() => {
      this.looking = true;
      this.lookedAt = Date.now();
      this.refresh()
        .catch((error: unknown) => {
          // A stop does not wait for it (the log may be away): the pool may close under its hands.
          if (this.timer === undefined) return;
          this.parts.logger.warn({ err: error }, 'the pipeline gauges could not be refreshed');
        })
        .finally(() => {
          this.looking = false;
          const ms = this.quiet < QUIET_REFRESHES ? BUSY_REFRESH_MS : IDLE_REFRESH_MS;
          if (this.timer !== undefined) this.schedule(together(ms));
        });
    }, ms);
    this.timer.unref();
  }

  private async refresh(): Promise<void> {
    const { database, relay, group } = this.parts;
    const startedAt = Date.now();
    const unsent = await relayStore(database).unsent(relay.passed);
    this.gauges.unsent.set(unsent.count);
    this.gauges.oldest.set(seconds(unsent.oldest));
    this.gauges.refused.set(unsent.refused);
    this.gauges.leader.set(relay.isLeader ? 1 : 0);
    const dead = await deadLetterStore(database, group).standing();
    this.gauges.dead.set(dead.count);
    this.gauges.oldestDead.set(seconds(dead.oldest));
    const lags = await this.lagByTopic();
    for (const [topic, lag] of lags) this.gauges.lag.set({ topic }, lag);
    const waits = unsent.count > 0 || [...lags.values()].some((lag) => lag > 0);
    this.quiet = waits ? 0 : this.quiet + 1;
    this.gauges.refreshed.set(startedAt / 1000);
  }

  private async lagByTopic(): Promise<Map<string, number>> {
    const { log, database, group } = this.parts;
    const names = this.parts.streams().map((stream) => topics[stream].name);
    const lag = new Map(names.map((name) => [name, 0]));
    if (names.length === 0) return lag;
    const positions = new Map(
      (await consumerStore(database, group).positions(names)).map((at) => [
        `${at.topic}/${String(at.partition)}`,
        at.offset,
      ]),
    );
    for (const end of await log.endOffsets(names)) {
      const behind = end.offset - (positions.get(`${end.topic}/${String(end.partition)}`) ?? 0n);
      if (behind > 0n) lag.set(end.topic, (lag.get(end.topic) ?? 0) + Number(behind));
    }
    return lag;
  }
}

function seconds(date: Date | null): number {
  return date === null ? 0 : date.getTime() / 1000;
}
