import type { MetricsRegistry } from '@regulars/observability';

/** Seconds; the last steps are for a service that was down. */
const DELAYS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_800, 7_200, 86_400];

/** Series of the timers of one service. */
export function timerMetrics(metrics: MetricsRegistry, kinds: readonly string[]) {
  const fired = metrics.counter('regulars_timers_fired_total', 'Timers fired.', ['kind']);
  const failed = metrics.counter(
    'regulars_timers_failed_total',
    'Timers put off because their handler failed.',
    ['kind'],
  );
  for (const kind of kinds) {
    fired.inc({ kind }, 0);
    failed.inc({ kind }, 0);
  }
  return {
    fired,
    failed,
    due: metrics.gauge('regulars_timers_due', 'Timers due and not yet held, up to 10,000.'),
    delay: metrics.histogram(
      'regulars_timer_delay_seconds',
      'From the due time to firing, by the clock of the service.',
      DELAYS,
    ),
    lastFire: metrics.gauge(
      'regulars_timers_last_fire_timestamp_seconds',
      'When a timer was last fired.',
    ),
  };
}

export type TimerMetrics = ReturnType<typeof timerMetrics>;
