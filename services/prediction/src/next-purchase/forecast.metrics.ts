import { Injectable } from '@nestjs/common';
import type { ForecastJudged, ForecastUpdated } from '@regulars/contracts';
import { MetricsRegistry } from '@regulars/observability';
import type { Counter, Histogram } from 'prom-client';
import { recordOf } from '../models/live-record.js';

const causes = ['purchase', 'correction', 'refit'] as const;
const answers = ['ok', 'no-cycle', 'lost', 'low-return', 'wide-window'] as const;
const outcomes = ['inside', 'outside', 'no-window'] as const;

/** What prediction does, as series; all at zero before traffic. */
@Injectable()
export class ForecastMetrics {
  private readonly made: Counter<'cause' | 'predictability'>;
  private readonly duration: Histogram;
  private readonly judgedSeries: Counter<'window'>;
  private readonly hits: Counter<'forecaster' | 'within14Days'>;

  constructor(registry: MetricsRegistry) {
    this.made = registry.counter(
      'regulars_forecasts_made_total',
      'Forecasts published, by cause and by whether they give a date (the share of the other values is the unpredictable share).',
      ['cause', 'predictability'],
    );
    this.duration = registry.histogram(
      'regulars_forecast_duration_seconds',
      'Computing the forecast of one customer and all categories, without reading and writing.',
      [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3],
    );
    this.judgedSeries = registry.counter(
      'regulars_forecasts_judged_total',
      'Forecasts judged by the purchase that came: inside the published window, outside, or published without one.',
      ['window'],
    );
    this.hits = registry.counter(
      'regulars_forecast_dates_judged_total',
      'Dates judged by the purchase that came within 14 days of them or not: the forecast, and the last purchase + mean gap of the same customers.',
      ['forecaster', 'within14Days'],
    );
    for (const forecaster of ['forecast', 'baseline']) {
      for (const within14Days of ['yes', 'no']) this.hits.inc({ forecaster, within14Days }, 0);
    }
    for (const cause of causes) {
      for (const predictability of answers) this.made.inc({ cause, predictability }, 0);
    }
    for (const window of outcomes) this.judgedSeries.inc({ window }, 0);
  }

  /** What the work gives, its time noted. */
  timed<T>(work: () => T): T {
    const startedAt = performance.now();
    const made = work();
    this.duration.observe((performance.now() - startedAt) / 1_000);
    return made;
  }

  published(forecast: Pick<ForecastUpdated, 'cause' | 'predictability'>): void {
    const { cause, predictability } = forecast;
    this.made.inc({
      cause,
      predictability: predictability.state === 'ok' ? 'ok' : predictability.reason,
    });
  }

  judged(verdict: ForecastJudged): void {
    const { insideWindow } = verdict;
    const { withDate, within14Days, baselineWithin14Days } = recordOf(verdict);
    this.date('forecast', within14Days, withDate);
    this.date('baseline', baselineWithin14Days, withDate);
    const window = insideWindow === undefined ? 'no-window' : insideWindow ? 'inside' : 'outside';
    this.judgedSeries.inc({ window });
  }

  private date(forecaster: 'forecast' | 'baseline', hits: number, of: number): void {
    this.hits.inc({ forecaster, within14Days: 'yes' }, hits);
    this.hits.inc({ forecaster, within14Days: 'no' }, of - hits);
  }
}
