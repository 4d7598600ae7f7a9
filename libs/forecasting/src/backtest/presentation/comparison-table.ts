import type { BacktestReport } from '../report.js';
import { summarise, type DateSummary, type ForecasterSummary } from './summary.js';

/** A table as rows of cells; numbers are written out already. */
export interface Table {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly { readonly cells: readonly string[]; readonly judged: boolean }[];
}

const NONE = '–';

/** All forecasters side by side, means over the origins: chances, counts and dates. */
export function comparisonTables(report: BacktestReport): Table[] {
  const all = summarise(report);
  return [...chances(report, all), counts(report, all), ...dates(all)];
}

function chances({ settings }: BacktestReport, all: readonly ForecasterSummary[]): Table[] {
  const days = settings.horizonsDays.map((horizon) => `${horizon} d`);
  return [
    {
      title: 'Will they buy within so many days? Log-loss, lower is better',
      header: ['forecaster', ...days],
      rows: rowsOf(
        all.filter(({ horizons }) => horizons.some(({ logLoss }) => logLoss !== undefined)),
        ({ horizons }) => horizons.map(({ logLoss }) => fixed(logLoss, 4)),
      ),
    },
    {
      title: 'The same: AUC by horizon and C-index over all, higher is better',
      header: ['forecaster', ...days, 'C-index'],
      rows: rowsOf(
        all.filter(({ horizons }) => horizons.some(({ auc }) => auc !== undefined)),
        ({ horizons, concordance }) => [
          ...horizons.map(({ auc }) => fixed(auc, 3)),
          fixed(concordance, 3),
        ],
      ),
    },
  ];
}

function counts({ settings }: BacktestReport, all: readonly ForecasterSummary[]): Table {
  const horizons = settings.horizonsDays.map(String);
  return {
    title: 'How often? Mean error per customer and bias of the total, by horizon in days',
    header: [
      'forecaster',
      ...horizons.map((days) => `MAE ${days}`),
      ...horizons.map((days) => `bias ${days}`),
    ],
    rows: rowsOf(
      all.filter(({ horizons: own }) => own.some(({ countMae }) => countMae !== undefined)),
      ({ horizons: own }) => [
        ...own.map(({ countMae }) => fixed(countMae, 3)),
        ...own.map(({ countBias }) => signedPercent(countBias)),
      ],
    ),
  };
}

function dates(all: readonly ForecasterSummary[]): Table[] {
  const framings = [
    [
      'When, as of a day? Repeaters who bought, errors in days',
      ({ dates: d }: ForecasterSummary) => d,
    ],
    [
      'When, right after an order? Orders that were followed by another, errors in days',
      ({ datesAfterOrder: d }: ForecasterSummary) => d,
    ],
  ] as const;
  return framings.map(([title, of]) => ({
    title,
    header: [
      'forecaster',
      'mean error',
      'median error',
      'within 14 d',
      'window holds',
      'window width',
    ],
    rows: rowsOf(
      all.filter((each) => of(each) !== undefined),
      (each) => dateCells(of(each)),
    ),
  }));
}

function dateCells(dates: DateSummary | undefined): string[] {
  return [
    fixed(dates?.mae, 1),
    fixed(dates?.medianError, 1),
    percent(dates?.within14),
    percent(dates?.coverage),
    fixed(dates?.medianWidth, 0),
  ];
}

function rowsOf(
  all: readonly ForecasterSummary[],
  cells: (summary: ForecasterSummary) => string[],
): Table['rows'] {
  return all.map((each) => ({ cells: [each.name, ...cells(each)], judged: each.judged }));
}

function fixed(value: number | undefined, digits: number): string {
  return value === undefined ? NONE : value.toFixed(digits);
}

export function percent(share: number | undefined): string {
  return share === undefined ? NONE : `${(100 * share).toFixed(0)} %`;
}

function signedPercent(share: number | undefined): string {
  return share === undefined ? NONE : `${share > 0 ? '+' : ''}${(100 * share).toFixed(0)} %`;
}
