import { basename } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { isCurrency } from '@regulars/kernel';
import { cdnowTable } from '../import/cdnow-table.js';
import { csvTable } from '../import/csv-rows.js';
import { customerReader } from '../import/customer-rows.js';
import { purchaseReader } from '../import/purchase-rows.js';
import type { DateOrder, DecimalMark } from '../import/read-cell.js';
import { readText } from '../import/read-text.js';
import { defaultUrl } from './default-url.js';
import { addMapOption } from './column-mapping.js';
import { importFile, type SharedOptions } from './import-file.js';
import { processTerminal, speaking, type Terminal } from './terminal.js';

interface FileOptions extends SharedOptions {
  readonly source: string;
  readonly map?: ReadonlyMap<string, string>;
  readonly dateOrder: DateOrder;
  readonly encoding: string;
}

interface PurchaseOptions extends FileOptions {
  readonly format: 'csv' | 'cdnow';
  readonly currency?: string;
  readonly decimal: DecimalMark;
}

const notes = `
Importing the same file again changes nothing. Imported history builds forecasts, segments and reports and
fires no campaign. Rejected rows go to a file with their reasons; the exit code is 0 as long as any row was
accepted. Address and key come from --url and --key, or REGULARS_URL and REGULARS_API_KEY.`;

/** `regulars import purchases|customers FILE`. */
export function addImportCommands(program: Command, terminal: Terminal = processTerminal): void {
  const group = program.command('import').description('bring in history from files');
  const purchases = group
    .command('purchases')
    .argument(
      '<file>',
      'CSV with a header (gzip too): customer_id, date, amount and, if there, order_id, currency, product_id, category, quantity, phone, email, name',
    )
    .description('import purchases');
  shared(purchases)
    .addOption(
      new Option('--format <format>', 'csv, or cdnow for the CDNOW data set')
        .choices(['csv', 'cdnow'])
        .default('csv'),
    )
    .option('--currency <code>', 'of rows without one (default: REGULARS_CURRENCY)', currency)
    .addOption(
      new Option('--decimal <mark>', 'decimal mark of amounts')
        .choices(['point', 'comma'])
        .default('point'),
    )
    .action((file: string, options: PurchaseOptions) =>
      speaking(terminal, () => importPurchases(file, options, terminal)),
    );
  const customers = group
    .command('customers')
    .argument(
      '<file>',
      'CSV with a header (gzip too): customer_id, name, phone, email, birthday, language, time_zone, consent ("email sms") or consent_email (yes, no) and so on, consent_date',
    )
    .description('import customers');
  shared(customers).action((file: string, options: FileOptions) =>
    speaking(terminal, () => importCustomers(file, options, terminal)),
  );
}

function shared(command: Command): Command {
  return addMapOption(command)
    .option('--source <name>', 'the system that the rows come from', code, 'import')
    .addOption(
      new Option('--date-order <order>', 'order of day, month and year')
        .choices(['ymd', 'dmy', 'mdy'])
        .default('ymd'),
    )
    .option('--encoding <name>', 'of the file', 'utf-8')
    .option(
      '--rejected <file>',
      'where rejected rows go (default: rejected-<name>.csv beside the file)',
    )
    .option('--dry-run', 'read and check the file, send nothing')
    .option('--url <url>', `address of Regulars (default: ${defaultUrl})`)
    .option('--key <key>', 'API key; better in REGULARS_API_KEY, where no process list shows it')
    .addHelpText('after', notes);
}

async function importPurchases(
  file: string,
  options: PurchaseOptions,
  terminal: Terminal,
): Promise<void> {
  const isCdnow = options.format === 'cdnow';
  const money = options.currency ?? (isCdnow ? 'USD' : terminal.env['REGULARS_CURRENCY']);
  const source = await readText(file, options.encoding);
  const table = isCdnow ? cdnowTable(source.text) : await csvTable(source.text);
  const reader = purchaseReader(table.columns, {
    source: options.source,
    ...(money !== undefined && { currency: money }),
    dateOrder: options.dateOrder,
    decimal: options.decimal,
    map: options.map ?? new Map<string, string>(),
    ...(isCdnow && { productId: 'cd' }),
  });
  const job = {
    file,
    source,
    table,
    reader,
    path: '/v1/purchases/batch',
    scope: 'purchases:write',
  };
  await importFile(job, options, terminal);
}

async function importCustomers(
  file: string,
  options: FileOptions,
  terminal: Terminal,
): Promise<void> {
  const source = await readText(file, options.encoding);
  const table = await csvTable(source.text);
  const { dateOrder, map = new Map<string, string>() } = options;
  const reader = customerReader(table.columns, {
    source: options.source,
    dateOrder,
    map,
    file: basename(file),
  });
  const job = {
    file,
    source,
    table,
    reader,
    path: '/v1/customers/batch',
    scope: 'customers:write',
  };
  await importFile(job, options, terminal);
}

function currency(text: string): string {
  if (isCurrency(text)) return text;
  throw new InvalidArgumentError('Use an ISO 4217 code in upper case, such as EUR.');
}

function code(text: string): string {
  if (/^[A-Za-z0-9._:/-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('Use letters, digits and ._:/- up to 64.');
}
