import type { BacktestReport, ForecasterReport, OriginReport } from '../report.js';
import { comparisonTables, type Table } from './comparison-table.js';
import { barsPicture, type Bar } from './pictures/bars-picture.js';
import { calibrationPicture, type CalibrationLine } from './pictures/calibration-picture.js';
import { coveragePicture } from './pictures/coverage-picture.js';
import { escaped } from './pictures/svg.js';
import { weeksPicture } from './pictures/weeks-picture.js';
import { pageStyle } from './page-style.js';
import { summarise, type ForecasterSummary } from './summary.js';
import { closing, heading } from './terminal-lines.js';

/** The report as one HTML file: pictures inline, nothing loaded from anywhere, no script. */
export function htmlPage(report: BacktestReport): string {
  const newest = report.origins.at(-1);
  const body = [
    '<h1>Backtest of purchase forecasts</h1>',
    ...[...heading(report), ...closing(report).filter((line) => line !== '')].map(
      (line) => `<p>${escaped(line)}</p>`,
    ),
    legend(report),
    ...(newest ? pictures(report, newest) : []),
    '<h2>All figures</h2>',
    ...comparisonTables(report).map(tableHtml),
    notes,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Backtest of purchase forecasts</title>
<style>${pageStyle}</style>
</head>
<body>
${body.join('\n')}
</body>
</html>
`;
}

const notes = `<h2>How to read this</h2>
<p>The mean date error rewards above all that the silence so far is taken into account, which
<em>max(last + mean gap, now)</em> does too. Regularity shows in the median error and in the hits within 14 days. At long
horizons, and where customers have no rhythm, recency alone and a plain regression are hard to beat: compare log-loss there.
Date errors are measured among customers who did buy within the follow-up; nobody's date can be judged otherwise.</p>`;

function legend({ judged }: BacktestReport): string {
  const names = judged.length > 0 ? judged.join(', ') : 'none: baselines only';
  return `<p class="legend"><span class="key judged"></span>judged: ${escaped(names)}
<span class="key baseline"></span>baselines <span class="key actual"></span>what happened
<span class="key ideal"></span>ideal</p>`;
}

function pictures(report: BacktestReport, newest: OriginReport): string[] {
  const all = summarise(report);
  const judged = (name: string): boolean => report.judged.includes(name);
  return [
    section(
      'Hit rate: the purchase came within 14 days of the forecast day',
      'Repeaters who bought, as of each origin; mean over the origins.',
      barsPicture(
        'Hit rate within 14 days',
        bars(all, (dates) => dates.within14),
        '%',
      ),
    ),
    section(
      'Date error',
      'Mean error in days, the same customers. Lower is better.',
      barsPicture(
        'Mean date error',
        bars(all, (dates) => dates.mae),
        'd',
      ) +
        '<p>Median error in days.</p>' +
        barsPicture(
          'Median date error',
          bars(all, (dates) => dates.medianError),
          'd',
        ),
    ),
    section(
      `Calibration, ${newest.day}`,
      'What was forecast against the share that bought; each point is a tenth of the customers. Thin: logistic RFM.',
      `<div class="row">${calibration(newest, judged).join('')}</div>`,
    ),
    ...coverage(report, newest),
    section(
      `Purchases per week after ${newest.day}`,
      'Bars: what came. Lines: what was expected of the customers known at the origin.',
      weeksPicture(
        'Purchases per week, actual and expected',
        newest.weeks,
        Object.keys(newest.weeks[0]?.expected ?? {}).map((name) => ({
          name,
          judged: judged(name),
        })),
      ),
    ),
  ];
}

function section(title: string, caption: string, content: string): string {
  return `<section><h2>${escaped(title)}</h2><p>${escaped(caption)}</p>${content}</section>`;
}

type Dates = NonNullable<ForecasterSummary['dates']>;

function bars(all: readonly ForecasterSummary[], value: (dates: Dates) => number): Bar[] {
  return all.flatMap(({ name, judged, dates }) =>
    dates ? [{ name, judged, value: value(dates) }] : [],
  );
}

function calibration({ forecasters }: OriginReport, judged: (name: string) => boolean): string[] {
  const shown = forecasters.filter(({ name }) => judged(name) || name === 'logistic RFM');
  const horizons = shown[0]?.horizons.map(({ horizonDays }) => horizonDays) ?? [];
  return horizons.flatMap((days) => {
    const lines = shown.flatMap(({ name, horizons: own }): CalibrationLine[] => {
      const bins = own.find(({ horizonDays }) => horizonDays === days)?.probability?.reliability;
      return bins ? [{ name, judged: judged(name), bins }] : [];
    });
    // The baseline is drawn first, so that the judged line lies on top.
    lines.sort((a, b) => Number(a.judged) - Number(b.judged));
    return lines.length > 0 ? [calibrationPicture(days, lines)] : [];
  });
}

function coverage({ origins, judged }: BacktestReport, newest: OriginReport): string[] {
  return judged.flatMap((name) => {
    const of = (origin: OriginReport): ForecasterReport | undefined =>
      origin.forecasters.find((forecaster) => forecaster.name === name);
    const byOrigin = origins.flatMap((origin) => {
      const dates = of(origin)?.dates?.all;
      return dates?.window
        ? [{ name: origin.day, customers: dates.customers, coverage: dates.window.coverage }]
        : [];
    });
    if (byOrigin.length === 0) return [];
    const byBand = (of(newest)?.dates?.bands ?? []).flatMap(({ band, dates }) =>
      dates.window
        ? [{ name: `${band} repeats`, customers: dates.customers, coverage: dates.window.coverage }]
        : [],
    );
    return [
      section(
        `Window coverage: ${name}`,
        'Share of next purchases inside the 80 % window, of all returning customers, by origin.',
        coveragePicture('Window coverage by origin', byOrigin) +
          `<p>By repeats at ${escaped(newest.day)}.</p>` +
          coveragePicture('Window coverage by repeats', byBand),
      ),
    ];
  });
}

function tableHtml({ title, header, rows }: Table): string {
  const cells = (tag: string, row: readonly string[]): string =>
    row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('');
  const body = rows.map(
    (row) => `<tr${row.judged ? ' class="judged"' : ''}>${cells('td', row.cells)}</tr>`,
  );
  return `<h3>${escaped(title)}</h3>
<div class="wide"><table><thead><tr>${cells('th', header)}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}
