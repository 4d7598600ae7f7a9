import { Option, type Command } from 'commander';
import { serviceNames, type ServiceName } from '@regulars/contracts';
import { createKafkaLog, createPostgresLog } from '@regulars/messaging';
import { raiseAboveLog } from '@regulars/outbox';
import { Database } from '@regulars/persistence';
import { CliError } from './cli-error.js';
import { processTerminal, speaking, type Terminal } from './terminal.js';

interface RaiseOptions {
  readonly databaseUrl?: string;
  readonly kafka?: string;
}

/** `regulars epoch raise`: for a service whose relay refuses a log that is ahead of its restored database. */
export function addEpochCommand(program: Command, terminal: Terminal = processTerminal): void {
  program
    .command('epoch')
    .description('the fence between a database and what it has published')
    .command('raise')
    .description('lift the epoch of a service above the log and stamp its unsent events anew')
    .argument('<service>', serviceNames.join(', '))
    .addOption(
      new Option('--database-url <url>', 'the database of the service').env(
        'REGULARS_DATABASE_URL',
      ),
    )
    .addOption(
      new Option('--kafka <brokers>', 'host:port,...; without: the log is in the database').env(
        'REGULARS_KAFKA_BROKERS',
      ),
    )
    .action((service: string, options: RaiseOptions) =>
      speaking(terminal, () => raise(service, options, terminal)),
    );
}

async function raise(
  name: string,
  { databaseUrl, kafka }: RaiseOptions,
  terminal: Terminal,
): Promise<void> {
  const service = serviceNames.find((known): known is ServiceName => known === name);
  if (!service)
    throw new CliError(`"${name}" is no service; there are ${serviceNames.join(', ')}.`);
  if (databaseUrl === undefined)
    throw new CliError('Say which database, with --database-url or REGULARS_DATABASE_URL.');
  const database = await Database.connect({
    url: databaseUrl,
    schema: service,
    service,
    poolSize: 2,
  });
  const log =
    kafka === undefined
      ? createPostgresLog({ databaseUrl })
      : createKafkaLog({ brokers: kafka.split(','), clientId: 'regulars-epoch' });
  try {
    const { epoch, restamped } = await raiseAboveLog(database, log);
    terminal.out(
      `The epoch of ${service} is ${String(epoch)}; ${String(restamped)} unsent events were stamped anew.`,
    );
  } finally {
    await log.close();
    await database.close();
  }
}
