import { Module, type DynamicModule } from '@nestjs/common';
import { CLOCK, SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import type { Clock } from '@regulars/kernel';
import { MetricsRegistry } from '@regulars/observability';
import { Database } from '@regulars/persistence';
import { QuiescenceProbes } from './quiescence-probes.js';

export interface Platform {
  readonly database: Database;
  readonly clock: Clock;
  readonly config: ServiceConfig;
  readonly metrics: MetricsRegistry;
  readonly probes: QuiescenceProbes;
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
    ];
    return { module: PlatformModule, global: true, providers, exports: providers };
  }
}
