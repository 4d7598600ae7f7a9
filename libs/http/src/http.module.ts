import { Module, type DynamicModule } from '@nestjs/common';
import { HealthRegistry } from '@regulars/observability';
import { HealthController } from './health.controller.js';
import { Mutations } from './mutations.js';

/** What the API gives to the controllers of a service. `Database` must be provided by a global module. */
@Module({})
export class HttpModule {
  static forRoot(options: { readonly health: HealthRegistry }): DynamicModule {
    return {
      module: HttpModule,
      global: true,
      controllers: [HealthController],
      providers: [Mutations, { provide: HealthRegistry, useValue: options.health }],
      exports: [Mutations, HealthRegistry],
    };
  }
}
