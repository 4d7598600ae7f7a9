import { Injectable } from '@nestjs/common';
import type { GateVerdict } from '@regulars/forecasting';
import { MetricsRegistry } from '@regulars/observability';
import type { Counter, Histogram } from 'prom-client';

const results = ['pass', 'fail', 'not enough data', 'error'] as const;

/** How models come about, as series; all at zero before the first fit. */
@Injectable()
export class ModelMetrics {
  private readonly refitsSeries: Counter<'result'>;
  private readonly duration: Histogram;
  private readonly rescorings: Counter;

  constructor(registry: MetricsRegistry) {
    this.refitsSeries = registry.counter(
      'regulars_refits_total',
      'Fits of the model, by what the acceptance gate said of them (error: the fit itself failed).',
      ['result'],
    );
    this.duration = registry.histogram(
      'regulars_refit_duration_seconds',
      'From reading the purchases to the stored fit.',
      [0.1, 0.5, 1, 5, 15, 60, 300, 900],
    );
    this.rescorings = registry.counter(
      'regulars_rescorings_total',
      'Walks over all customers after new parameters or stated cycles.',
    );
    for (const result of results) this.refitsSeries.inc({ result }, 0);
    this.rescorings.inc(0);
  }

  refitted(result: GateVerdict, seconds: number): void {
    this.refitsSeries.inc({ result });
    this.duration.observe(seconds);
  }

  refitFailed(): void {
    this.refitsSeries.inc({ result: 'error' });
  }

  rescoringStarted(): void {
    this.rescorings.inc();
  }
}
