import type { DateMetrics } from '../metrics/date-metrics.js';
import type { BacktestReport, ForecasterReport, HorizonReport } from '../report.js';

/**
 * One forecaster over the origins: plain means, each over those origins at which all who have such a figure at any have it.
 * A regression that could learn at the newest origins only is so compared on the same days as its opponents.
 */
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
  const reports = names.map((name) =>
    origins.map(({ forecasters }) => forecasters.find((report) => report.name === name)),
  );
  const means = (figure: Figure): (number | undefined)[] =>
    comparableMeans(reports.map((own) => own.map((report) => report && figure(report))));

  const horizons = settings.horizonsDays.map((horizonDays) => {
    const at = (figure: (horizon: HorizonReport) => number | undefined) =>
      means((report) => {
        const own = report.horizons.find((horizon) => horizon.horizonDays === horizonDays);
        return own && figure(own);
      });
    return {
      horizonDays,
      logLoss: at(({ probability }) => probability?.logLoss),
      auc: at(({ auc }) => auc),
      levelRatio: at(({ probability }) => probability?.levelRatio),
      countMae: at(({ count }) => count?.mae),
      countBias: at(({ count }) => count?.bias),
    };
  });
  const concordance = means((report) => report.concordance);
  const answered = means(({ answers }) => answers?.ofAll);
  const asOf = dateSummaries(means, ({ dates }) => dates?.repeaters);
  const afterOrder = dateSummaries(means, ({ datesAfterOrder }) => datesAfterOrder);
  return names.map((name, i): ForecasterSummary => {
    const [dates, datesAfterOrder] = [asOf[i], afterOrder[i]];
    return {
      name,
      judged: judged.includes(name),
      horizons: horizons.map(({ horizonDays, ...figures }) => ({
        horizonDays,
        ...optional('logLoss', figures.logLoss[i]),
        ...optional('auc', figures.auc[i]),
        ...optional('levelRatio', figures.levelRatio[i]),
        ...optional('countMae', figures.countMae[i]),
        ...optional('countBias', figures.countBias[i]),
      })),
      ...optional('concordance', concordance[i]),
      ...(dates && { dates }),
      ...(datesAfterOrder && { datesAfterOrder }),
      ...optional('answered', answered[i]),
    };
  });
}

type Figure = (report: ForecasterReport) => number | undefined;

function dateSummaries(
  means: (figure: Figure) => (number | undefined)[],
  of: (report: ForecasterReport) => DateMetrics | undefined,
): (DateSummary | undefined)[] {
  const maes = means((report) => of(report)?.mae);
  const medians = means((report) => of(report)?.medianError);
  const hits = means((report) => of(report)?.within14);
  const coverages = means((report) => of(report)?.window?.coverage);
  const widths = means((report) => of(report)?.window?.medianWidth);
  return maes.map((mae, i) => {
    const [medianError, within14] = [medians[i], hits[i]];
    if (mae === undefined || medianError === undefined || within14 === undefined) return undefined;
    return {
      mae,
      medianError,
      within14,
      ...optional('coverage', coverages[i]),
      ...optional('medianWidth', widths[i]),
    };
  });
}

/** @param figures by forecaster and origin. Where no origin has them all, each has the mean of its own. */
export function comparableMeans(
  figures: readonly (readonly (number | undefined)[])[],
): (number | undefined)[] {
  const present = figures.filter((own) => own.some((value) => value !== undefined));
  const shared = (present[0] ?? [])
    .map((_, origin) => origin)
    .filter((origin) => present.every((own) => own[origin] !== undefined));
  return figures.map((own) => mean(shared.length > 0 ? shared.map((origin) => own[origin]) : own));
}

function mean(values: readonly (number | undefined)[]): number | undefined {
  const given = values.filter((value) => value !== undefined);
  return given.length === 0
    ? undefined
    : given.reduce((sum, value) => sum + value, 0) / given.length;
}

function optional<K extends string>(key: K, value: number | undefined): Partial<Record<K, number>> {
  return (value === undefined ? {} : { [key]: value }) as Partial<Record<K, number>>;
}
