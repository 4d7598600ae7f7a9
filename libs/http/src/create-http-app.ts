import { Module, type DynamicModule, type NestApplicationOptions, type Type } from '@nestjs/common';
import { NestApplicationContextOptions } from '@nestjs/common/interfaces/nest-application-context-options.interface.js';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { nestLogger } from '@regulars/observability';
import { configureHttp } from './configure-http.js';
import { HttpAdapter } from './http-adapter.js';
import { HttpModule } from './http.module.js';
import { HttpMonitor } from './http-monitor.js';
import type { HttpOptions } from './http-options.js';

/**
 * The Nest application of a service with its whole API around it. Not initialised yet: then either `app.listen(port, host)`,
 * or `app.init()`, `instance.ready()` and `instance.routing(request, response)` behind a server of the caller's.
 */
export async function createHttpApp(
  module: Type | DynamicModule,
  options: HttpOptions,
): Promise<NestFastifyApplication> {
  const monitor = new HttpMonitor(options.metrics, options.logger);
  const app = await NestFactory.create<NestFastifyApplication>(
    { module: HttpRoot, imports: [HttpModule.forRoot({ health: options.health }), module] },
    new HttpAdapter(options, monitor),
    nestOptions(options),
  );
  configureHttp(app, options, monitor);
  return app;
}

/** Bodies are parsed by our own parser; an error at start is thrown and not the end of the process. */
function nestOptions({ logger }: HttpOptions): NestApplicationOptions {
  const options = new NestApplicationContextOptions();
  options.abortOnError = false;
  options.logger = logger === undefined ? false : nestLogger(logger);
  return Object.assign(options, { bodyParser: false });
}

@Module({})
class HttpRoot {}
