import { Option, type Command } from 'commander';
import {
  PurchaseFileError,
  readCdnow,
  readPurchases,
  type DateOrder,
  type DecimalMark,
  type PurchasesRead,
} from '@regulars/forecasting';
import { readText } from '../import/read-text.js';
import { CliError } from './cli-error.js';
import { addMapOption } from './column-mapping.js';
import { readingProgress } from './reading-progress.js';
import type { Terminal } from './terminal.js';

/** How a purchase file is written; the same for every command that forecasts from a file. */
export interface PurchaseFileOptions {
  readonly map?: ReadonlyMap<string, string>;
  readonly format: 'csv' | 'cdnow';
  readonly dateOrder: DateOrder;
  readonly decimal: DecimalMark;
  readonly encoding: string;
}

export const purchaseFileHelp =
  'CSV with a header (gzip too): customer_id, date, amount and, if there, category; dates as days or timestamps';

export function addPurchaseFileOptions(command: Command): Command {
  return addMapOption(command)
    .addOption(
      new Option('--format <format>', 'csv, or cdnow for the CDNOW data set')
        .choices(['csv', 'cdnow'])
        .default('csv'),
    )
    .addOption(
      new Option('--date-order <order>', 'order of day, month and year')
        .choices(['ymd', 'dmy', 'mdy'])
        .default('ymd'),
    )
    .addOption(
      new Option('--decimal <mark>', 'decimal mark of amounts')
        .choices(['point', 'comma'])
        .default('point'),
    )
    .option('--encoding <name>', 'of the file', 'utf-8');
}

/** Reads the whole file, shows how far it is, and says on the error stream what was left out and why. */
export async function readPurchaseFile(
  file: string,
  options: PurchaseFileOptions,
  terminal: Terminal,
  asOfDay?: number,
): Promise<PurchasesRead> {
  const source = await readText(file, options.encoding);
  const progress = readingProgress(source, terminal);
  const reading = {
    ...options,
    ...(asOfDay !== undefined && { asOfDay }),
    onProgress: progress.update,
  };
  try {
    const read = await (options.format === 'cdnow'
      ? readCdnow(source.text, reading)
      : readPurchases(source.text, reading));
    progress.stop();
    for (const line of read.report.lines()) terminal.error(line);
    return read;
  } catch (error) {
    if (error instanceof PurchaseFileError) throw new CliError(error.message, { cause: error });
    throw error;
  } finally {
    progress.stop();
  }
}
