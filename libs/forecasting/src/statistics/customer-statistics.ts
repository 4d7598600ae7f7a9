/**
 * Sufficient statistics of many customers, as columns: row `i` of every column is the same customer. What a forecast
 * reads of a history, about 90 bytes per customer; days are days since 1970-01-01.
 */
export interface CustomerStatistics {
  readonly size: number;
  /** Position of the customer in the histories that the row was folded from. */
  readonly customer: Uint32Array;
  /** The last day that is known, observed to its end; the same for all in a forecast as of a day. */
  readonly asOfDay: Int32Array;
  /** Distinct purchase days; repeats (x) = this minus 1. */
  readonly purchaseDays: Uint32Array;
  readonly firstDay: Int32Array;
  readonly lastDay: Int32Array;
  /** 0 while there is no gap. */
  readonly firstGap: Uint32Array;
  readonly lastGap: Uint32Array;
  /** Sum of ln(gap in days), and of its square. */
  readonly sumLnGap: Float64Array;
  readonly sumLnGapSq: Float64Array;
  /** Over the repeat days (not the first one) with positive spend. */
  readonly sumSpend: Float64Array;
  readonly spendDays: Uint32Array;
  /** Total of the first day. */
  readonly firstDaySpend: Float64Array;
  /** Purchase days by weekday, seven entries per customer, Monday first. */
  readonly weekday: Uint16Array;
}

/** Columns of zeros for so many rows; who fills them keeps to the meaning above. */
export function emptyStatistics(size: number): CustomerStatistics {
  return {
    size,
    customer: new Uint32Array(size),
    asOfDay: new Int32Array(size),
    purchaseDays: new Uint32Array(size),
    firstDay: new Int32Array(size),
    lastDay: new Int32Array(size),
    firstGap: new Uint32Array(size),
    lastGap: new Uint32Array(size),
    sumLnGap: new Float64Array(size),
    sumLnGapSq: new Float64Array(size),
    sumSpend: new Float64Array(size),
    spendDays: new Uint32Array(size),
    firstDaySpend: new Float64Array(size),
    weekday: new Uint16Array(7 * size),
  };
}
