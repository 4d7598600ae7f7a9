import type { CustomerForecast } from '@regulars/forecasting';
import { fromEpochDay } from '@regulars/kernel';

export interface ForecastLineOptions {
  /** Dates also where they are not to be relied on. */
  readonly allDates: boolean;
  readonly category?: string;
}

const columns = [
  'due_day',
  'expected_day',
  'window_from',
  'window_to',
  'p_alive',
  'lost_day',
  'remind_day',
  'basis',
  'segment',
  'cycle_days',
  'regularity',
  'reason',
];

export function forecastColumns(horizonsDays: readonly number[], byCategory = false): string[] {
  return [
    'customer_id',
    ...(byCategory ? ['category'] : []),
    ...columns,
    ...horizonsDays.flatMap((days) => [`p_${days}d`, `count_${days}d`, `spend_${days}d`]),
  ];
}

/** One customer as a line of CSV. Spend is in the money of the file, not in its hundredths. */
export function forecastLine(
  customerId: string,
  forecast: CustomerForecast,
  { allDates, category }: ForecastLineOptions,
): string {
  const isDue = allDates || (forecast.dueReason ?? forecast.reason) === undefined;
  const isExpected = allDates || forecast.reason === undefined;
  const cells = [
    quoted(customerId),
    ...(category === undefined ? [] : [quoted(category)]),
    isDue ? fromEpochDay(forecast.dueDay) : '',
    isExpected ? fromEpochDay(forecast.expectedDay) : '',
    isExpected ? fromEpochDay(forecast.window.from) : '',
    isExpected ? fromEpochDay(forecast.window.to) : '',
    forecast.probabilityAlive.toFixed(6),
    fromEpochDay(forecast.lostDay),
    forecast.remindDay === undefined ? '' : fromEpochDay(forecast.remindDay),
    forecast.basis,
    forecast.segment,
    forecast.cycleDays.toFixed(1),
    forecast.regularity.toFixed(2),
    forecast.reason ?? '',
  ];
  for (const { probability, expectedCount, expectedSpend } of forecast.horizons) {
    cells.push(probability.toFixed(6), expectedCount.toFixed(6), (expectedSpend / 100).toFixed(4));
  }
  return cells.join(',');
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
