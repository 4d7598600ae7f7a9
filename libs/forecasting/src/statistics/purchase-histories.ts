/**
 * The purchase days of many customers, as columns: customer `i` owns the entries `offsets[i]` to `offsets[i + 1]`, his
 * distinct days in ascending order. About 12 bytes per purchase day, so that millions fit into memory.
 */
export interface PurchaseHistories {
  readonly size: number;
  /** size + 1 entries. */
  readonly offsets: Uint32Array;
  /** Days since 1970-01-01. */
  readonly days: Int32Array;
  /** The day's total, an integer in the smallest unit of the money; may be 0 or negative. */
  readonly spend: Float64Array;
}
