import { loadServiceConfig } from '@regulars/config';
import { toError } from '@regulars/kernel';
import { startManagementServer } from '@regulars/observability';
import type { ServiceDefinition } from './service-definition.js';
import { startService } from './start-service.js';

/** `main.ts` of a service: runs it in this process until SIGTERM or SIGINT, or until it cannot go on. */
export async function runService(definition: ServiceDefinition): Promise<void> {
  const stopSignal = new AbortController();
  try {
    const config = loadServiceConfig(process.env, definition.name);
    const onFatal = (error: Error): void => {
      process.stderr.write(`${definition.name} cannot go on: ${error.message}\n`);
      process.exitCode = 1;
      // A dead consumer is a dead process: the supervisor starts it again.
      setTimeout(() => process.exit(1), 2_000).unref();
      end(1);
    };
    let ending = false;
    const end = (code: number): void => {
      if (ending) return;
      ending = true;
      stopSignal.abort();
      const grace = setTimeout(() => process.exit(1), config.shutdownGraceMs);
      void running
        .then(async ({ service, management }) => {
          await service.stop();
          await management?.close();
        })
        .catch(() => undefined)
        .then(() => {
          clearTimeout(grace);
          process.exit(code);
        });
    };
    const start = async (): Promise<{
      service: Awaited<ReturnType<typeof startService>>;
      management: Awaited<ReturnType<typeof startManagementServer>> | undefined;
    }> => {
      const service = await startService(definition, config, {
        onFatal,
        signal: stopSignal.signal,
        restored: process.argv.includes('--restored'),
      });
      service.metrics.collectProcess();
      const management =
        config.managementPort === undefined
          ? undefined
          : await startManagementServer({
              port: config.managementPort,
              host: config.host,
              registry: service.metrics,
            });
      return { service, management };
    };
    // Not `once`: a second signal, passed on by whoever started us, must not cut the stop off.
    process.on('SIGTERM', () => {
      end(0);
    });
    process.on('SIGINT', () => {
      end(0);
    });
    const running = start();
    const { service } = await running;
    service.logger.info({ port: config.port }, 'the API answers');
    await service.flowing;
    service.logger.info('events flow');
  } catch (thrown) {
    if (stopSignal.signal.aborted) return;
    process.stderr.write(`${definition.name}: ${toError(thrown).message}\n`);
    process.exit(1);
  }
}
