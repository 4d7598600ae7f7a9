import { describe, expect, it } from '@jest/globals';
import { MetricsRegistry } from '@regulars/observability';
import { ForecastMetrics } from './forecast.metrics.js';

describe('the series of prediction', () => {
  it('stand at zero before traffic, and count by cause and reason', async () => {
    const registry = new MetricsRegistry('prediction');
    const metrics = new ForecastMetrics(registry);
    const line =
      'regulars_forecasts_made_total{cause="purchase",predictability="wide-window",service="prediction"}';
    expect(await registry.registry.metrics()).toContain(`${line} 0`);

    metrics.published({
      cause: 'purchase',
      predictability: { state: 'unpredictable', reason: 'wide-window' },
    });

    const text = await registry.registry.metrics();
    expect(text).toContain(`${line} 1`);
    expect(text).toContain(
      'regulars_forecasts_judged_total{window="inside",service="prediction"} 0',
    );
  });
});
