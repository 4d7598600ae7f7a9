import { InvalidArgumentError, Option, type Command } from 'commander';
import { dayRange, trades, type Trade } from '@regulars/forecasting';
import { fromEpochDay, isDay, toEpochDay } from '@regulars/kernel';
import { CliError } from './cli-error.js';
import { forecastColumns, forecastLine } from './forecast-lines.js';
import { learnShop } from './learn-shop.js';
import { openOutput } from './line-output.js';
import { stepProgress } from './step-progress.js';
import {
  addPurchaseFileOptions,
  purchaseFileHelp,
  readPurchaseFile,
  type PurchaseFileOptions,
} from './purchase-file-options.js';
import { processTerminal, speaking, type Terminal } from './terminal.js';

interface ForecastOptions extends PurchaseFileOptions {
  readonly asOf?: number;
  readonly horizons: readonly number[];
  readonly out?: string;
  readonly allDates?: boolean;
  readonly byCategory?: boolean;
  readonly trade: Trade;
  readonly cycle?: number;
}

const notes = `
One row per customer who bought by the as-of day, which counts as observed to its end; later rows are ignored.
A customer who cannot be given a date keeps the row, with a reason: no-cycle, lost, low-return or wide-window.
Nothing is sent anywhere, and no server is needed.`;

/** `regulars forecast FILE`. */
export function addForecastCommand(program: Command, terminal: Terminal = processTerminal): void {
  const command = program
    .command('forecast')
    .argument('<file>', purchaseFileHelp)
    .description('forecast the next purchase of every customer in a file, without a server');
  addPurchaseFileOptions(command)
    .option('--as-of <day>', 'forecast as of the end of this day (default: the last purchase)', day)
    .option('--horizons <days>', 'comma between them', dayCounts, [14, 30, 90, 365])
    .option('--out <file>', 'where to write the CSV (default: standard output)')
    .option('--all-dates', 'fill dates and window also where they are not to be relied on')
    .option('--by-category', 'one row per customer and category')
    .addOption(
      new Option('--trade <name>', 'what to expect before the data say more')
        .choices(Object.keys(trades))
        .default('broad'),
    )
    .option(
      '--cycle <days>',
      'the cycle that you know of; it counts like five observed gaps',
      positive,
    )
    .addHelpText('after', notes)
    .action((file: string, options: ForecastOptions) =>
      speaking(terminal, () => forecast(file, options, terminal)),
    );
}

async function forecast(file: string, options: ForecastOptions, terminal: Terminal): Promise<void> {
  const { table } = await readPurchaseFile(file, options, terminal, options.asOf);
  const histories = table.histories();
  const range = dayRange(histories);
  if (!range) {
    const nobody =
      options.asOf === undefined ? 'No row is a purchase' : 'Nobody bought by the as-of day';
    throw new CliError(`${nobody}: there is nothing to forecast.`);
  }
  const asOfDay = options.asOf ?? range.lastDay;
  const categories = options.byCategory === true ? table.categoryHistories() : undefined;
  if (categories?.size === 0) throw new CliError('The file has no column category.');
  const learning = stepProgress('Learning', terminal);
  const shop = learnShop(histories, categories, {
    asOfDay,
    horizonsDays: options.horizons,
    trade: options.trade,
    ...(options.cycle !== undefined && { cycleDays: options.cycle }),
    onStep: learning.update,
  });
  learning.stop();
  const output = openOutput(options.out, terminal);
  await output.line(forecastColumns(options.horizons, categories !== undefined).join(','));
  const allDates = options.allDates ?? false;
  const writing = stepProgress('Forecasting', terminal);
  for (let i = 0; i < shop.customers; i++) {
    const { id, forecasts } = shop.forecast(i);
    for (const { forecast: one, category } of forecasts) {
      await output.line(
        forecastLine(id, one, { allDates, ...(category !== undefined && { category }) }),
      );
    }
    if (i % 1000 === 0) writing.update(i, shop.customers);
  }
  writing.stop();
  await output.close();
  const what = `${counted(shop.customers)} as of ${fromEpochDay(asOfDay)}, ${shop.basis}`;
  terminal.error(
    output.path === undefined ? `Forecast: ${what}` : `Written: ${output.path} (${what})`,
  );
}

function counted(customers: number): string {
  return customers === 1 ? '1 customer' : `${customers.toLocaleString('en-US')} customers`;
}

function day(text: string): number {
  if (isDay(text)) return toEpochDay(text);
  throw new InvalidArgumentError('Write a day such as 1997-09-30.');
}

function dayCounts(text: string): number[] {
  const days = text.split(',').map((part) => positive(part.trim()));
  return [...new Set(days)].sort((p, q) => p - q);
}

function positive(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Use whole numbers of days from 1.');
}
