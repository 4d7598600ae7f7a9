import type { BacktestReport, ForecasterReport } from '../report.js';

/** One forecaster over all origins: plain means of what each origin found. */
export interface ForecasterSummary {
  readonly name: string;
  readonly judged: boolean;
  readonly horizons: readonly HorizonSummary[];
  readonly concordance?: number;
  /** As of the origin, among repeaters who bought within the follow-up. */
  readonly dates?: DateSummary;
  /** Right after each order. */
  readonly datesAfterOrder?: DateSummary;
  readonly answered?: number;
}

export interface HorizonSummary {
  readonly horizonDays: number;
  readonly logLoss?: number;
  readonly auc?: number;
  readonly levelRatio?: number;
  readonly countMae?: number;
  readonly countBias?: number;
}

export interface DateSummary {
  readonly mae: number;
  readonly medianError: number;
  readonly within14: number;
  readonly coverage?: number;
  readonly medianWidth?: number;
}

export function summarise({ origins, settings, judged }: BacktestReport): ForecasterSummary[] {
  const names = origins[0]?.forecasters.map(({ name }) => name) ?? [];
  return names.map((name): ForecasterSummary => {
    const reports = origins.flatMap(({ forecasters }) =>
      forecasters.filter((report) => report.name === name),
    );
    const asOf = dateSummary(reports.map(({ dates }) => dates?.repeaters));
    const afterOrder = dateSummary(reports.map(({ datesAfterOrder }) => datesAfterOrder));
    return {
      name,
      judged: judged.includes(name),
      horizons: settings.horizonsDays.map((days) => horizonSummary(days, reports)),
      ...optional('concordance', mean(reports.map(({ concordance }) => concordance))),
      ...(asOf && { dates: asOf }),
      ...(afterOrder && { datesAfterOrder: afterOrder }),
      ...optional('answered', mean(reports.map(({ answers }) => answers?.ofAll))),
    };
  });
}

function horizonSummary(horizonDays: number, reports: readonly ForecasterReport[]): HorizonSummary {
  const own = reports.flatMap(({ horizons }) =>
    horizons.filter((horizon) => horizon.horizonDays === horizonDays),
  );
  return {
    horizonDays,
    ...optional('logLoss', mean(own.map(({ probability }) => probability?.logLoss))),
    ...optional('auc', mean(own.map(({ auc }) => auc))),
    ...optional('levelRatio', mean(own.map(({ probability }) => probability?.levelRatio))),
    ...optional('countMae', mean(own.map(({ count }) => count?.mae))),
    ...optional('countBias', mean(own.map(({ count }) => count?.bias))),
  };
}

type Dates = NonNullable<ForecasterReport['datesAfterOrder']>;

function dateSummary(found: readonly (Dates | undefined)[]): DateSummary | undefined {
  const dates = found.filter((each) => each !== undefined);
  const mae = mean(dates.map((each) => each.mae));
  const medianError = mean(dates.map((each) => each.medianError));
  const within14 = mean(dates.map((each) => each.within14));
  if (mae === undefined || medianError === undefined || within14 === undefined) return undefined;
  return {
    mae,
    medianError,
    within14,
    ...optional('coverage', mean(dates.map(({ window }) => window?.coverage))),
    ...optional('medianWidth', mean(dates.map(({ window }) => window?.medianWidth))),
  };
}

/** Over the origins that have a value. */
function mean(values: readonly (number | undefined)[]): number | undefined {
  const given = values.filter((value) => value !== undefined);
  return given.length === 0
    ? undefined
    : given.reduce((sum, value) => sum + value, 0) / given.length;
}

function optional<K extends string>(key: K, value: number | undefined): Partial<Record<K, number>> {
  return (value === undefined ? {} : { [key]: value }) as Partial<Record<K, number>>;
}
