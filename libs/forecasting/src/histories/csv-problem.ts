import { MOST_RECORD_CHARACTERS } from './csv-head.js';

/** Where the parser stood when it had read the last whole record. */
export interface RecordEnd {
  readonly lines: number;
  readonly empty_lines: number;
}

export const fileStart: RecordEnd = { lines: 0, empty_lines: 0 };

type ParserError = Error & { readonly code?: string; readonly empty_lines?: number };

/**
 * What is wrong with a CSV, in a sentence; undefined where the error is not the parser's. The parser names the line at which
 * it gave up: after a quote that is never closed that is the last one, or one thousands of rows further down.
 */
export function csvProblem(error: Error, last: RecordEnd): string | undefined {
  const { code = '', message, empty_lines: empty = 0 } = error as ParserError;
  if (!code.startsWith('CSV_')) return undefined;
  const line = (last.lines + 1 + Math.max(0, empty - last.empty_lines)).toLocaleString('en-US');
  if (code === 'CSV_QUOTE_NOT_CLOSED') {
    return `The CSV cannot be read: the quote that opens in line ${line} is never closed.`;
  }
  if (code === 'CSV_MAX_RECORD_SIZE') {
    return (
      `The CSV cannot be read: the row that starts in line ${line} has more than ` +
      `${MOST_RECORD_CHARACTERS.toLocaleString('en-US')} characters. Is a quote opened there and never closed?`
    );
  }
  return `The CSV cannot be read: ${message}`;
}
