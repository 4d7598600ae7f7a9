import type { Result } from '@regulars/kernel';

/** One row as it stands in the file. */
export interface Row {
  /** Line in the file on which it ends, for messages. */
  readonly line: number;
  readonly cells: readonly string[];
  /** It cannot be read at all. */
  readonly problem?: string;
}

/** A file as rows. One pass, never held whole in memory. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<Row>;
}

/** A row as an item of the API's batch, with what the summary needs to know. */
export interface ImportItem {
  /** Goes over the wire as it is. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Tells customers apart for the summary. */
  readonly customerKey: string;
  readonly amount?: { readonly amountMinor: number; readonly currency: string };
  /** Of a purchase: its own, or the one made for its row. */
  readonly orderId?: string;
}

/** A row that gives no item. Its order id stands in the rejected file, so that corrected it is the purchase it was. */
export interface Unreadable {
  readonly reason: string;
  readonly orderId?: string;
}

/** Reads the rows of one file. */
export interface RowReader {
  read(row: Row): Result<ImportItem, Unreadable>;
  /** Where order ids stand: in this column of the file, in none of them, or undefined where rows have none. */
  readonly orderIdColumn?: number | 'none';
}
