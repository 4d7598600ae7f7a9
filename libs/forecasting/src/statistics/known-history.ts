import type { CustomerStatistics } from './customer-statistics.js';
import { statisticsAsOf, statisticsAt, type StateAt } from './fold-statistics.js';
import type { PurchaseHistories } from './purchase-histories.js';

/** What came of the customers of a statistics table in the days after their as-of day. */
export interface Outcomes {
  readonly horizonDays: number;
  /** Purchase days in (asOf, asOf + horizon]. */
  readonly count: Uint32Array;
  readonly spend: Float64Array;
  /** Days from the as-of day to the first of them; 0 where there was none. */
  readonly daysToNext: Uint32Array;
}

/**
 * Histories up to a day, and nothing after it: a fit gets this and so cannot look ahead. Asking for a day that is not
 * known throws a RangeError.
 */
export class KnownHistory {
  constructor(
    private readonly histories: PurchaseHistories,
    /** The last day that is known, observed to its end. */
    readonly untilDay: number,
  ) {}

  /** First purchase day of all, or undefined where nobody bought by the last known day. */
  firstDay(): number | undefined {
    const { size, offsets, days } = this.histories;
    let first: number | undefined;
    for (let i = 0; i < size; i++) {
      const start = offsets[i] ?? 0;
      if (start === offsets[i + 1]) continue;
      const day = days[start] ?? 0;
      if (day <= this.untilDay && (first === undefined || day < first)) first = day;
    }
    return first;
  }

  /** Repeat purchase days of all customers by day, from the first purchase of all to the last known day. */
  repeatsByDay(): { firstDay: number; counts: Uint32Array } {
    const { size, offsets, days } = this.histories;
    const firstDay = this.firstDay() ?? this.untilDay;
    const counts = new Uint32Array(this.untilDay - firstDay + 1);
    for (let i = 0; i < size; i++) {
      for (let at = (offsets[i] ?? 0) + 1; at < (offsets[i + 1] ?? 0); at++) {
        const day = days[at] ?? 0;
        if (day <= this.untilDay) counts[day - firstDay] = (counts[day - firstDay] ?? 0) + 1;
      }
    }
    return { firstDay, counts };
  }

  /** The same histories as an earlier day knew them. */
  asKnownOn(day: number): KnownHistory {
    this.check(day);
    return new KnownHistory(this.histories, day);
  }

  statisticsAsOf(day: number): CustomerStatistics {
    this.check(day);
    return statisticsAsOf(this.histories, day);
  }

  statisticsAt(states: readonly StateAt[]): CustomerStatistics {
    for (const { asOfDay } of states) this.check(asOfDay);
    return statisticsAt(this.histories, states);
  }

  /** What happened within so many days after each row's as-of day. */
  outcomes(statistics: CustomerStatistics, horizonDays: number): Outcomes {
    const { offsets, days, spend } = this.histories;
    const count = new Uint32Array(statistics.size);
    const spent = new Float64Array(statistics.size);
    const daysToNext = new Uint32Array(statistics.size);
    for (let row = 0; row < statistics.size; row++) {
      const customer = statistics.customer[row] ?? 0;
      const asOfDay = statistics.asOfDay[row] ?? 0;
      this.check(asOfDay + horizonDays);
      const end = offsets[customer + 1] ?? 0;
      const next = (offsets[customer] ?? 0) + (statistics.purchaseDays[row] ?? 0);
      let i = next;
      let sum = 0;
      for (; i < end && (days[i] ?? 0) <= asOfDay + horizonDays; i++) sum += spend[i] ?? 0;
      count[row] = i - next;
      spent[row] = sum;
      if (i > next) daysToNext[row] = (days[next] ?? 0) - asOfDay;
    }
    return { horizonDays, count, spend: spent, daysToNext };
  }

  private check(day: number): void {
    if (day > this.untilDay) {
      throw new RangeError(`Day ${day} lies after the last known day ${this.untilDay}.`);
    }
  }
}
