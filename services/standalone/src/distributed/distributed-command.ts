import type { Command } from 'commander';
import { parsePort, restoredOption, withRunOptions } from '../cli/start-command.js';
import { startDistributed } from './start-distributed.js';

interface DistributedCommandOptions {
  readonly data: string;
  readonly port: string;
  readonly host: string;
  readonly restored?: boolean;
}

export function addDistributedCommand(program: Command): void {
  withRunOptions(program.command('distributed'), './data')
    .description(
      'runs each service as a process of its own over Kafka (KAFKA_BROKERS) and Postgres (DATABASE_URL)',
    )
    .option(...restoredOption)
    .action(async (options: DistributedCommandOptions) => {
      // These two are ours: a service refuses settings that it does not know.
      const {
        REGULARS_FIRST_SERVICE_PORT: servicePort = '4001',
        REGULARS_FIRST_MANAGEMENT_PORT: managementPort = '9464',
        ...env
      } = process.env;
      const running = await startDistributed({
        port: parsePort(options.port),
        host: options.host,
        dataFolder: options.data,
        restored: options.restored === true,
        env,
        firstServicePort: parsePort(servicePort),
        firstManagementPort: parsePort(managementPort),
        onStart: (service, pid) => {
          process.stdout.write(`${service} runs as process ${String(pid)}.\n`);
        },
        onExit: (service, code, signal) => {
          process.stderr.write(
            `${service} ended (${signal ?? `code ${String(code)}`}); it is started again.\n`,
          );
        },
      });
      process.stdout.write(
        `\nGateway    ${running.address}\n` +
          (running.firstKey === undefined
            ? ''
            : `API key    ${running.firstKey} (shown this once)\n`) +
          `\n${running.address}/health/ready answers 200 when all are ready. Ctrl-C stops them.\n`,
      );
      let stopping = false;
      const end = (): void => {
        if (stopping) return;
        stopping = true;
        void running.stop().then(
          () => process.exit(0),
          () => process.exit(1),
        );
      };
      // Not `once`: a second signal must not kill us while the services still end.
      process.on('SIGINT', end);
      process.on('SIGTERM', end);
    });
}
