import { Module, type DynamicModule } from '@nestjs/common';
import { CLOCK, SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import type { Clock } from '@regulars/kernel';
import type { EventLog } from '@regulars/messaging';
import { LOGGER, MetricsRegistry, type Logger } from '@regulars/observability';
import { Database } from '@regulars/persistence';
import { QuiescenceProbes } from './quiescence-probes.js';

/** The log itself, for a service that must know how far it has read; null where there is none (tests without a log). */
export const EVENT_LOG = Symbol('EVENT_LOG');

/** Age of the oldest unsent row in ms, as last looked at: a function; 0 where nobody looks. */
export const OUTBOX_AGE = Symbol('OUTBOX_AGE');

/** Age of the oldest event that a consumer of this process works on, in ms: a function; 0 where nobody looks. */
export const READING_AGE = Symbol('READING_AGE');

export interface Platform {
  readonly database: Database;
  readonly clock: Clock;
  readonly config: ServiceConfig;
  readonly metrics: MetricsRegistry;
  readonly probes: QuiescenceProbes;
  readonly logger: Logger;
  readonly log?: EventLog;
  readonly outboxAgeMs?: () => number;
  readonly readingAgeMs?: () => number;
}

/** What every part of a service may ask for in its constructor. */
@Module({})
export class PlatformModule {
  static of(platform: Platform): DynamicModule {
    const providers = [
      { provide: Database, useValue: platform.database },
      { provide: CLOCK, useValue: platform.clock },
      { provide: SERVICE_CONFIG, useValue: platform.config },
      { provide: MetricsRegistry, useValue: platform.metrics },
      { provide: QuiescenceProbes, useValue: platform.probes },
      { provide: LOGGER, useValue: platform.logger },
      { provide: OUTBOX_AGE, useValue: platform.outboxAgeMs ?? (() => 0) },
      { provide: READING_AGE, useValue: platform.readingAgeMs ?? (() => 0) },
      { provide: EVENT_LOG, useValue: platform.log ?? null },
    ];
    return { module: PlatformModule, global: true, providers, exports: providers };
  }
}
