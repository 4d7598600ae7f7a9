import type { Command } from 'commander';
import { parsePort, withRunOptions } from '../cli/start-command.js';
import { startDistributed } from './start-distributed.js';

interface DistributedCommandOptions {
  readonly data: string;
  readonly port: string;
  readonly host: string;
}

export function addDistributedCommand(program: Command): void {
  withRunOptions(program.command('distributed'), './data')
    .description(
      'runs each service as a process of its own over Kafka (KAFKA_BROKERS) and Postgres (DATABASE_URL)',
    )
    .action(async (options: DistributedCommandOptions) => {
      const running = await startDistributed({
        port: parsePort(options.port),
        host: options.host,
        dataFolder: options.data,
        env: process.env,
        firstServicePort: Number(process.env['REGULARS_FIRST_SERVICE_PORT'] ?? 4001),
        firstManagementPort: Number(process.env['REGULARS_FIRST_MANAGEMENT_PORT'] ?? 9464),
        onExit: (service, code, signal) => {
          process.stderr.write(
            `${service} ended (${signal ?? `code ${String(code)}`}); it is started again.\n`,
          );
        },
      });
      const pids = [...running.processes.values()].map(({ name, pid }) => `${name} ${String(pid)}`);
      process.stdout.write(
        `\nGateway    ${running.address}\nProcesses  ${pids.join(', ')}\n` +
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
      process.once('SIGINT', end);
      process.once('SIGTERM', end);
    });
}
