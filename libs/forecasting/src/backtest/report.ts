import type { Day } from '@regulars/kernel';
import type { CountMetrics } from './metrics/count-metrics.js';
import type { DateMetrics } from './metrics/date-metrics.js';
import type { ProbabilityMetrics } from './metrics/probability-metrics.js';
import type { SpendMetrics } from './metrics/spend-metrics.js';

/** The result of a backtest: plain JSON, the same for the same purchases and settings. */
export interface BacktestReport {
  readonly format: 1;
  readonly data: {
    readonly customers: number;
    /** Fewer than `customers` where a sample was judged. */
    readonly judgedCustomers: number;
    readonly purchaseDays: number;
    readonly firstDay: Day;
    readonly lastDay: Day;
  };
  readonly settings: {
    readonly horizonsDays: readonly number[];
    readonly seed: number;
    /** Dates are judged among those who bought within so many days, or by the end of the data. */
    readonly dateCapDays: number;
  };
  /** Names of the forecasters that the report is about; all others are baselines. */
  readonly judged: readonly string[];
  /** Ascending. */
  readonly origins: readonly OriginReport[];
}

/** Everything as it was known at the end of one day, against what came then. */
export interface OriginReport {
  readonly day: Day;
  readonly customers: number;
  /** Customers with at least two purchase days. */
  readonly repeaters: number;
  /** Days after the origin in which dates were looked for. */
  readonly followUpDays: number;
  readonly afterOrder?: AfterOrderFrame;
  readonly forecasters: readonly ForecasterReport[];
  readonly weeks: readonly WeekReport[];
}

/** The second framing of the date: parameters stay frozen at the origin, each order in the days after it is judged. */
export interface AfterOrderFrame {
  readonly orders: number;
  readonly orderDays: number;
  readonly followUpDays: number;
}

export interface ForecasterReport {
  readonly name: string;
  readonly horizons: readonly HorizonReport[];
  readonly concordance?: number;
  /** As of the origin. */
  readonly dates?: DateReport;
  /** Right after each order. */
  readonly datesAfterOrder?: DateMetrics;
  readonly answers?: AnswerReport;
  readonly lost?: LostReport;
  readonly notes: Readonly<Record<string, number | string>>;
}

export interface HorizonReport {
  readonly horizonDays: number;
  /** Customers who bought within the horizon. */
  readonly buyers: number;
  readonly auc?: number;
  readonly probability?: ProbabilityMetrics;
  /** Before calibration. */
  readonly rawProbability?: ProbabilityMetrics;
  readonly rawAuc?: number;
  readonly count?: CountMetrics;
  readonly spend?: SpendMetrics;
}

export interface DateReport {
  /** Of those who bought within the follow-up: everybody, with a repeat by the origin, with five. */
  readonly all?: DateMetrics;
  readonly repeaters?: DateMetrics;
  readonly frequent?: DateMetrics;
  /** Those to whom a date is given. */
  readonly answered?: DateMetrics;
  readonly bands: readonly { readonly band: string; readonly dates: DateMetrics }[];
}

/** Shares of customers who get a date. */
export interface AnswerReport {
  readonly ofAll: number;
  readonly ofRepeaters?: number;
  /** Customers without one, by reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** Customers declared lost by the origin, and how many of them came back all the same. */
export interface LostReport {
  readonly declared: number;
  readonly cameBack: number;
}

/** Purchases of the customers known at the origin, in the n-th week after it. */
export interface WeekReport {
  readonly week: number;
  readonly actual: number;
  readonly expected: Readonly<Record<string, number>>;
}
