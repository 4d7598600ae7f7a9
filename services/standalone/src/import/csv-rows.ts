import { parse } from 'csv-parse';
import {
  csvProblem,
  delimiterOf,
  fileStart,
  MOST_RECORD_CHARACTERS,
  peekLine,
  type RecordEnd,
} from '@regulars/forecasting';
import { CliError } from '../cli/cli-error.js';
import type { Row, Table } from './row.js';

const MOST_COLUMNS = 500;

/** Rows of a CSV text with a header line. The delimiter is the one that the header uses most. */
export async function csvTable(text: AsyncIterable<string>): Promise<Table> {
  const { head, whole } = await peekLine(text);
  // Rows that wait to be taken are gone when the parser fails, so it is asked itself how far it had come.
  const progress = { last: fileStart };
  const parser = parse({
    delimiter: delimiterOf(head),
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MOST_RECORD_CHARACTERS,
    info: true,
    on_record: (cells: string[], info) => {
      progress.last = info;
      return cells;
    },
  });
  const records = recordsOf(whole, parser, progress);
  const first = await records.next();
  if (first.done === true) throw new CliError('The file is empty.');
  const columns = first.value.record.map((name) => name.trim());
  if (columns.length > MOST_COLUMNS) throw new CliError('The file has more than 500 columns.');
  return { columns, rows: rowsOf(records, columns) };
}

interface CsvRecord {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

async function* rowsOf(records: AsyncIterable<CsvRecord>, columns: string[]): AsyncGenerator<Row> {
  for await (const { record, info } of records) {
    yield {
      line: info.lines,
      cells: record.map(unguarded),
      ...(record.length !== columns.length && { problem: 'wrong-number-of-cells' }),
    };
  }
}

/** Undoes what {@link file://./rejected-file.ts} does against formulas, so that corrected rows come back as they were. */
function unguarded(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

async function* recordsOf(
  text: AsyncIterable<string>,
  parser: ReturnType<typeof parse>,
  progress: { readonly last: RecordEnd },
): AsyncGenerator<CsvRecord> {
  const feeding = feed(text, parser);
  try {
    for await (const record of parser) yield record as CsvRecord;
  } catch (cause) {
    const problem = csvProblem(cause as Error, progress.last);
    throw problem === undefined ? cause : new CliError(problem, { cause });
  }
  await feeding;
}

/** Writes at the pace at which rows are taken. A failing source ends the parser with its own error. */
async function feed(text: AsyncIterable<string>, parser: ReturnType<typeof parse>): Promise<void> {
  try {
    for await (const piece of text) {
      if (parser.destroyed) return;
      if (!parser.write(piece)) await drained(parser);
    }
    parser.end();
  } catch (error) {
    parser.destroy(error as Error);
  }
}

async function drained(parser: ReturnType<typeof parse>): Promise<void> {
  await new Promise<void>((go) => {
    const done = (): void => {
      parser.off('drain', done).off('close', done);
      go();
    };
    parser.on('drain', done).on('close', done);
  });
}
