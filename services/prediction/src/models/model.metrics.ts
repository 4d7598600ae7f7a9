import { Injectable } from '@nestjs/common';
import type { Drift, GateVerdict } from '@regulars/forecasting';
import { MetricsRegistry } from '@regulars/observability';
import type { Counter, Gauge, Histogram } from 'prom-client';
import type { Model } from './engine.js';

const results = ['pass', 'fail', 'not enough data', 'error'] as const;

/** How models come about, as series; all at zero before the first fit. */
@Injectable()
export class ModelMetrics {
  private readonly refitsSeries: Counter<'result'>;
  private readonly duration: Histogram;
  private readonly rescorings: Counter;
  private readonly version: Gauge<'version' | 'basis'>;
  private readonly fittedAt: Gauge;
  private readonly drift: Gauge;

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
    this.version = registry.gauge(
      'regulars_model_info',
      'The version in force, as labels; always 1.',
      ['version', 'basis'],
    );
    this.fittedAt = registry.gauge(
      'regulars_model_fitted_timestamp_seconds',
      'The last day that the version in force has seen, so that its age can be told; 0 for the built-in prior.',
    );
    this.drift = registry.gauge(
      'regulars_drift_ratio',
      'Purchases of the last two weeks over those expected, as of the weekly look; 1 before the first one.',
    );
    this.drift.set(1);
    for (const result of results) this.refitsSeries.inc({ result }, 0);
    this.rescorings.inc(0);
  }

  inForce({ version, basis, company }: Model): void {
    this.version.reset();
    this.version.set({ version, basis }, 1);
    this.fittedAt.set(company.asOfDay * 86_400);
  }

  drifted({ ratio }: Drift): void {
    if (ratio !== undefined) this.drift.set(ratio);
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
