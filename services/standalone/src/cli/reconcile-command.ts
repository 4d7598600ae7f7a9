import { Option, type Command } from 'commander';
import { serviceNames, type ServiceName } from '@regulars/contracts';
import { gapOf } from '@regulars/kernel';
import { Database, sql } from '@regulars/persistence';
import { balancesOf } from '@regulars/service';
import { runningPostgresUrl } from '../postgres/running-postgres.js';
import { allServices } from '../start/all-services.js';
import { balanceTable, type ServiceBalance } from './balance-table.js';
import { CliError } from './cli-error.js';
import { processTerminal, speaking, type Terminal } from './terminal.js';

interface ReconcileOptions {
  readonly databaseUrl?: string;
  readonly data: string;
  readonly json?: boolean;
}

/** A sum has a gap; 1 stands for sums that could not be read. */
const GAP = 2;

/** `regulars reconcile`: whether every record that came in is accounted for. Changes nothing. */
export function addReconcileCommand(program: Command, terminal: Terminal = processTerminal): void {
  program
    .command('reconcile')
    .description(
      `adds up what became of every record; ends with ${String(GAP)} when a sum has a gap`,
    )
    .argument('[services...]', `of which services (default: all): ${serviceNames.join(', ')}`)
    .addOption(
      new Option(
        '--database-url <url>',
        'the database of the services (default: the embedded one of --data)',
      ).env('REGULARS_DATABASE_URL'),
    )
    .option('--data <folder>', 'the data folder of a standalone that runs', './data')
    .option('--json', 'for programs: every sum with its parts and gaps')
    .action((services: readonly string[], options: ReconcileOptions) =>
      speaking(terminal, () => reconcile(services, options, terminal)),
    );
}

async function reconcile(
  services: readonly string[],
  options: ReconcileOptions,
  terminal: Terminal,
): Promise<void> {
  const wanted = services.length === 0 ? serviceNames : services.map(serviceOf);
  const url = options.databaseUrl ?? terminal.env['DATABASE_URL'] ?? (await embedded(options.data));
  const balances: ServiceBalance[] = [];
  for (const name of wanted) balances.push(...(await read(name, url)));
  const gap = balances.reduce((sum, balance) => sum + gapOf(balance), 0);
  if (options.json === true) {
    terminal.out(
      JSON.stringify({
        balanced: gap === 0,
        sums: balances.map((balance) => ({ ...balance, gap: gapOf(balance) })),
      }),
    );
  } else balanceTable(balances).forEach((line) => terminal.out(line));
  if (gap > 0) terminal.exitWith(GAP);
}

function serviceOf(name: string): ServiceName {
  const service = serviceNames.find((known) => known === name);
  if (service) return service;
  throw new CliError(`"${name}" is no service; there are ${serviceNames.join(', ')}.`);
}

async function embedded(folder: string): Promise<string> {
  const url = await runningPostgresUrl(folder);
  if (url !== undefined) return url;
  throw new CliError(
    `No Regulars runs on the data folder ${folder}. Start it, or say which database, with --database-url or REGULARS_DATABASE_URL.`,
  );
}

async function read(name: ServiceName, url: string): Promise<ServiceBalance[]> {
  const definition = allServices.find((service) => service.name === name);
  const database = await Database.connect({
    url,
    schema: name,
    service: name,
    poolSize: 1,
    readOnly: true,
  });
  try {
    const [made] = await database.query<{ made: boolean }>(
      sql`select to_regclass(${`${name}.outbox_counts`}) is not null as made`,
    );
    if (made?.made !== true)
      throw new CliError(
        `This database has no tables of ${name}: it is another one, or ${name} has never started on it.`,
      );
    const balances = await balancesOf(definition ?? { name }, database);
    return balances.map((balance) => ({ service: name, ...balance }));
  } finally {
    await database.close();
  }
}
