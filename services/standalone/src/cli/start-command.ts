import { Option, type Command } from 'commander';
import { instantAt, isDay } from '@regulars/kernel';
import { standingClock } from '@regulars/kernel';
import { CliError } from './cli-error.js';
import { defaultUrl } from './default-url.js';
import { runStandalone } from './run-standalone.js';

interface StartOptions {
  readonly data: string;
  readonly port: string;
  readonly host: string;
  readonly clock?: string;
  readonly restored?: boolean;
}

/** Options that `start` and `demo` share. */
export function withRunOptions(command: Command, dataFolder: string): Command {
  return command
    .option('--data <folder>', 'where everything is kept', dataFolder)
    .addOption(new Option('--port <port>', 'the one port').env('REGULARS_PORT').default('3000'))
    .addOption(
      new Option('--host <host>', 'the address it binds').env('REGULARS_HOST').default('127.0.0.1'),
    );
}

export const restoredOption: [string, string] = [
  '--restored',
  'a backup was put back: what may have left since is taken for unknown and not sent again',
];

export function addStartCommand(program: Command): void {
  withRunOptions(program.command('start'), './data')
    .description('runs all services in this process on an embedded Postgres')
    .option('--clock <day>', 'a clock that stands still at noon of a day, or at an instant')
    .option(...restoredOption)
    .action(async (options: StartOptions) => {
      const clock = options.clock === undefined ? undefined : parseClock(options.clock);
      const running = await runStandalone({
        dataFolder: options.data,
        port: parsePort(options.port),
        host: options.host,
        restored: options.restored === true,
        ...(clock === undefined ? {} : { clock: standingClock(clock) }),
      });
      process.stdout.write(welcome(running.address, running.firstKey, options.data));
      if (clock) process.stdout.write(`  The clock stands at ${clock.toISOString()}.\n\n`);
    });
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new CliError(`--port ${text}: a port is a number from 0 to 65535.`);
}

/** Noon of a day, or the instant as it stands. */
function parseClock(text: string): Date {
  if (isDay(text)) return instantAt(text, 12 * 60, process.env['REGULARS_TIME_ZONE'] ?? 'UTC');
  // Of "2026-02-30" a Date would make 2 March.
  const instant = new Date(text.length > 10 && isDay(text.slice(0, 10)) ? text : Number.NaN);
  if (Number.isNaN(instant.getTime())) {
    throw new CliError(
      `--clock ${text}: write a day (1998-07-01) or an instant (1998-07-01T12:00:00Z).`,
    );
  }
  return instant;
}

function welcome(address: string, key: string | undefined, data: string): string {
  const keyLines =
    key === undefined
      ? `  API key   made at the first start; another one: npx regulars keys create --name shop --scopes admin --file ${data}/api-keys.json`
      : `  API key   ${key}\n            (shown this once; it may do everything, so keep it safe)`;
  const url = address === defaultUrl ? '' : ` --url ${address}`;
  return `
Regulars runs.

  Address   ${address}
${keyLines}

Next:
  1. Look at the API: ${address}/docs
  2. Bring in your history: npx regulars import purchases FILE.csv${url} --key ${key ?? 'KEY'}
  3. See who is due: curl -H "Authorization: Bearer ${key ?? 'KEY'}" "${address}/v1/agenda?days=14"

Ctrl-C stops it. Data is kept in ${data}.
`;
}
