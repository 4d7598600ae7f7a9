import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { delimiterOf, MOST_RECORD_CHARACTERS, peekLine } from './csv-head.js';
import { csvProblem, fileStart, type RecordEnd } from './csv-problem.js';
import { columnPlaces, type ColumnPlaces } from './columns.js';
import { parseAmountMinor, type DecimalMark } from './parse-amount.js';
import { parseDay, type DateOrder } from './parse-day.js';
import { PurchaseFileError } from './purchase-file-error.js';
import { PurchaseTable } from './purchase-table.js';
import { ReadReport } from './read-report.js';

export interface ReadOptions {
  /** Field to column, where a column is not called like its field. */
  readonly map?: ReadonlyMap<string, string>;
  readonly dateOrder?: DateOrder;
  readonly decimal?: DecimalMark;
  /** Rows after this day are counted and not looked at further. */
  readonly asOfDay?: number;
  /** Called after every piece of text. */
  readonly onProgress?: (report: ReadReport) => void;
}

export interface PurchasesRead {
  readonly table: PurchaseTable;
  readonly report: ReadReport;
}

/**
 * Reads purchases from CSV text with a header (`customer_id,date,amount[,category]`) as it comes. A row that cannot be
 * used is counted with its reason and left out.
 * @throws PurchaseFileError where the file as a whole is no such table
 */
export async function readPurchases(
  text: AsyncIterable<string>,
  options: ReadOptions = {},
): Promise<PurchasesRead> {
  const table = new PurchaseTable();
  const report = new ReadReport();
  const reader = new RowReader(table, report, options);
  const { head, whole } = await peekLine(text);
  let last: RecordEnd = fileStart;
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(head),
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MOST_RECORD_CHARACTERS,
    // Rows are taken here and none is passed on: no queue, no promise per row.
    on_record: (cells: string[], info) => {
      last = info;
      reader.take(cells, info.lines);
      return null;
    },
  });
  async function* watched(): AsyncGenerator<string> {
    for await (const piece of whole) {
      yield piece;
      options.onProgress?.(report);
    }
  }
  await pipeline(watched(), parser, drained).catch((cause: unknown) => {
    const problem = csvProblem(cause as Error, last);
    throw problem === undefined ? cause : new PurchaseFileError(problem, { cause });
  });
  if (!reader.sawHeader) throw new PurchaseFileError('The file is empty.');
  return { table, report };
}

class RowReader {
  private places: ColumnPlaces | undefined;
  private width = 0;

  constructor(
    private readonly table: PurchaseTable,
    private readonly report: ReadReport,
    private readonly options: ReadOptions,
  ) {}

  get sawHeader(): boolean {
    return this.places !== undefined;
  }

  take(cells: readonly string[], line: number): void {
    if (this.places === undefined) {
      this.places = columnPlaces(cells, this.options.map ?? new Map());
      this.width = cells.length;
      return;
    }
    this.report.rows += 1;
    if (cells.length === this.width) this.row(cells, this.places, line);
    else this.report.drop('malformed row', line);
  }

  private row(cells: readonly string[], places: ColumnPlaces, line: number): void {
    const { report, options } = this;
    const cell = (place: number): string => (cells[place] ?? '').trim();
    const day = parseDay(cell(places.date), options.dateOrder);
    if (day === undefined) {
      report.drop('unreadable date', line);
      return;
    }
    if (options.asOfDay !== undefined && day > options.asOfDay) {
      report.afterAsOf += 1;
      return;
    }
    const customer = cell(places.customer_id);
    if (customer === '') {
      report.drop('no customer', line);
      return;
    }
    const written = cell(places.amount);
    // An empty amount is a purchase of unknown value, and its day counts; text that is no number is a mistake.
    const amount = written === '' ? 0 : parseAmountMinor(written, options.decimal);
    if (amount === undefined) {
      report.drop('unreadable amount', line);
      return;
    }
    if (amount < 0) {
      report.drop('negative total', line);
      return;
    }
    report.kept += 1;
    const category = places.category === undefined ? undefined : cell(places.category);
    this.table.add(customer, day, amount, category);
  }
}

/** Nothing comes out of the parser; somebody must wait for its end all the same. */
async function drained(records: AsyncIterable<unknown>): Promise<void> {
  for await (const record of records) throw new TypeError(`Unexpected ${String(record)}.`);
}
