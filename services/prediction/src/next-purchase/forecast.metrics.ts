import { Injectable } from '@nestjs/common';
import type { ForecastJudged, ForecastUpdated } from '@regulars/contracts';
import { MetricsRegistry } from '@regulars/observability';
import type { Counter } from 'prom-client';

const causes = ['purchase', 'correction', 'refit'] as const;
const answers = ['ok', 'no-cycle', 'lost', 'low-return', 'wide-window'] as const;
const outcomes = ['inside', 'outside', 'no-window'] as const;

/** What prediction does, as series; all at zero before traffic. */
@Injectable()
export class ForecastMetrics {
  private readonly made: Counter<'cause' | 'predictability'>;
  private readonly judgedSeries: Counter<'window'>;

  constructor(registry: MetricsRegistry) {
    this.made = registry.counter(
      'regulars_forecasts_made_total',
      'Forecasts published, by cause and by whether they give a date (the share of the other values is the unpredictable share).',
      ['cause', 'predictability'],
    );
    this.judgedSeries = registry.counter(
      'regulars_forecasts_judged_total',
      'Forecasts judged by the purchase that came: inside the published window, outside, or published without one.',
      ['window'],
    );
    for (const cause of causes) {
      for (const predictability of answers) this.made.inc({ cause, predictability }, 0);
    }
    for (const window of outcomes) this.judgedSeries.inc({ window }, 0);
  }

  published(forecast: Pick<ForecastUpdated, 'cause' | 'predictability'>): void {
    const { cause, predictability } = forecast;
    this.made.inc({
      cause,
      predictability: predictability.state === 'ok' ? 'ok' : predictability.reason,
    });
  }

  judged({ insideWindow }: ForecastJudged): void {
    const window = insideWindow === undefined ? 'no-window' : insideWindow ? 'inside' : 'outside';
    this.judgedSeries.inc({ window });
  }
}
