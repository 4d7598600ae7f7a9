import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { basename, dirname, join } from 'node:path';
import { CliError } from '../cli/cli-error.js';
import type { RowReader } from './row.js';

export interface RejectedRow {
  readonly line: number;
  readonly cells: readonly string[];
  readonly reason: string;
  readonly orderId?: string;
}

/** `rejected-<name>.csv` beside the input. */
export function rejectedPathFor(input: string): string {
  const name = basename(input)
    .replace(/\.gz$/, '')
    .replace(/\.[^.]*$/, '');
  return join(dirname(input), `rejected-${name}.csv`);
}

/**
 * Rows that were not accepted, as CSV with the reason: correct them and import this file. A row without an order id
 * keeps the one that was made for it, so that the corrected row is the purchase it was. Made with the first row.
 */
export class RejectedFile {
  private stream: WriteStream | undefined;

  constructor(
    readonly path: string,
    private readonly columns: readonly string[],
    private readonly orderIdColumn: RowReader['orderIdColumn'],
  ) {}

  /** Whether it was needed. */
  get made(): boolean {
    return this.stream !== undefined;
  }

  async add(row: RejectedRow): Promise<void> {
    const stream = (this.stream ??= await this.open());
    const cells = this.columns.map((_, index) =>
      index === this.orderIdColumn
        ? (row.orderId ?? row.cells[index] ?? '')
        : (row.cells[index] ?? ''),
    );
    const extra = row.cells.slice(this.columns.length);
    const made = this.orderIdColumn === 'none' ? [row.orderId ?? ''] : [];
    const reason = extra.length > 0 ? `${row.reason} (left over: ${extra.join(' ')})` : row.reason;
    if (!stream.write(toLine([...cells, ...made, String(row.line), reason]))) {
      await once(stream, 'drain');
    }
  }

  async close(): Promise<void> {
    if (!this.stream) return;
    this.stream.end();
    await once(this.stream, 'finish');
  }

  private async open(): Promise<WriteStream> {
    const stream = createWriteStream(this.path, { mode: 0o600 });
    await once(stream, 'open').catch((cause: unknown) => {
      throw new CliError(`${this.path} cannot be written; name another place with --rejected.`, {
        cause,
      });
    });
    const made = this.orderIdColumn === 'none' ? ['order_id'] : [];
    stream.write(toLine([...this.columns, ...made, 'line', 'reason']));
    return stream;
  }
}

function toLine(cells: readonly string[]): string {
  return `${cells.map(toCell).join(',')}\n`;
}

/** A spreadsheet runs cells that begin like a formula: a quote keeps them text. Plain numbers stay as they are. */
function toCell(cell: string): string {
  const formula = /^[=+\-@\t\r]/.test(cell) && !/^[+-]?[\d\s().,-]*$/.test(cell);
  const safe = formula ? `'${cell}` : cell;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
