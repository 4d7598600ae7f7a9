import { writeFile } from 'node:fs/promises';
import { SingleBar } from 'cli-progress';
import { InvalidArgumentError, type Command } from 'commander';
import {
  htmlPage,
  purchaseCycle,
  PurchaseFileError,
  runBacktest,
  terminalLines,
  type BacktestOptions,
  type BacktestReport,
  type Histories,
  type PurchasesRead,
  type PurchaseTable,
} from '@regulars/forecasting';
import { isDay, toEpochDay } from '@regulars/kernel';
import { CliError } from './cli-error.js';
import {
  addPurchaseFileOptions,
  purchaseFileHelp,
  readPurchaseFile,
  type PurchaseFileOptions,
} from './purchase-file-options.js';
import { processTerminal, speaking, type Terminal } from './terminal.js';

interface BacktestCommandOptions extends PurchaseFileOptions {
  readonly horizons?: readonly number[];
  readonly origins?: number;
  readonly origin: readonly number[];
  readonly category?: string;
  readonly seed?: number;
  readonly report?: string;
  readonly json?: string;
}

const notes = `
Forecasts are made as of several days of the past, from what was known by then, and held against what came.
The table goes to standard output, with every baseline beside the forecast. More than 30,000 customers
are judged by a sample, and the report says so.`;

/** `regulars backtest FILE`. */
export function addBacktestCommand(program: Command, terminal: Terminal = processTerminal): void {
  const command = program
    .command('backtest')
    .argument('<file>', purchaseFileHelp)
    .description('hold forecasts against the past, without a server');
  addPurchaseFileOptions(command)
    .option('--horizons <days>', 'comma between them (default: 14,30,90,180,365)', dayCounts)
    .option('--origins <number>', 'days of the past to forecast from (default: 4)', positive)
    .option('--origin <day>', 'forecast as of this day; repeat it for more', addDay, [])
    .option('--category <name>', 'judge the purchases of this category alone')
    .option('--seed <number>', 'of samples (default: 1)', positive)
    .option('--report <file>', 'write an HTML page with pictures')
    .option('--json <file>', 'write the whole result as JSON')
    .addHelpText('after', notes)
    .action((file: string, options: BacktestCommandOptions) =>
      speaking(terminal, () => backtest(file, options, terminal)),
    );
}

async function backtest(
  file: string,
  options: BacktestCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const read = await readPurchaseFile(file, options, terminal);
  const report = judged(read, options, terminal);
  for (const line of terminalLines(report)) terminal.out(line);
  if (options.json !== undefined)
    await write(options.json, `${JSON.stringify(report)}\n`, terminal);
  if (options.report !== undefined) await write(options.report, htmlPage(report), terminal);
}

function judged(
  { table }: PurchasesRead,
  options: BacktestCommandOptions,
  terminal: Terminal,
): BacktestReport {
  const progress = judgingProgress(terminal);
  const settings: BacktestOptions = {
    ...(options.horizons && { horizonsDays: options.horizons }),
    ...(options.origins !== undefined && { origins: options.origins }),
    ...(options.origin.length > 0 && { originDays: options.origin }),
    ...(options.seed !== undefined && { seed: options.seed }),
    onProgress: progress.update,
  };
  try {
    return runBacktest(historiesOf(table, options.category), [purchaseCycle()], settings);
  } catch (error) {
    if (error instanceof PurchaseFileError) throw new CliError(error.message, { cause: error });
    throw error;
  } finally {
    progress.stop();
  }
}

function historiesOf(table: PurchaseTable, category: string | undefined): Histories {
  if (category === undefined) return table.histories();
  const all = table.categoryHistories();
  const found = all.get(category);
  if (found) return found;
  const names = [...all.keys()].filter((name) => name !== '').slice(0, 30);
  throw new CliError(
    names.length === 0
      ? 'The file has no categories.'
      : `There is no category "${category}". There are: ${names.join(', ')}.`,
  );
}

/** Forecaster by forecaster; nothing where nobody watches. */
function judgingProgress(terminal: Terminal): {
  update: NonNullable<BacktestOptions['onProgress']>;
  stop: () => void;
} {
  if (!terminal.interactive) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: 'Judging {bar} {value}/{total} | {next} | {duration_formatted}',
    hideCursor: true,
    clearOnComplete: true,
    // Judging keeps the event loop busy: the bar draws when it is told to, not by a timer.
    synchronousUpdate: true,
    stream: process.stderr,
  });
  bar.start(1, 0, { next: '' });
  return {
    update: ({ done, of, next }) => {
      bar.setTotal(of);
      bar.update(done, { next });
    },
    stop: () => {
      bar.stop();
    },
  };
}

async function write(path: string, content: string, terminal: Terminal): Promise<void> {
  await writeFile(path, content).catch((cause: unknown) => {
    throw new CliError(`${path} cannot be written.`, { cause });
  });
  terminal.error(`Written: ${path}`);
}

function dayCounts(text: string): number[] {
  return text.split(',').map((part) => positive(part.trim()));
}

function positive(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Use whole numbers from 1.');
}

function addDay(text: string, earlier: readonly number[]): number[] {
  if (!isDay(text)) throw new InvalidArgumentError('Write a day such as 1997-09-30.');
  return [...earlier, toEpochDay(text)];
}
