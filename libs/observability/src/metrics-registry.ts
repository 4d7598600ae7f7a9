import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** A loop that stands still for longer is seen, and shorter ones now and then; looks every 10 ms, as is usual, would be most of what an idle process does. */
const EVENT_LOOP_LOOK_MS = 250;

/**
 * The Prometheus series of one service. Asked twice for a name it gives the same series, so that a part can be
 * made more than once. Counters with labels are declared with all their combinations, so that they stand at zero before traffic.
 */
export class MetricsRegistry {
  readonly registry = new Registry();

  constructor(readonly service: string) {
    this.registry.setDefaultLabels({ service });
  }

  /** Series of the process itself: CPU, memory, event loop. Once per process. */
  collectProcess(): void {
    collectDefaultMetrics({
      register: this.registry,
      prefix: 'regulars_',
      eventLoopMonitoringPrecision: EVENT_LOOP_LOOK_MS,
    });
  }

  counter<L extends string = never>(
    name: string,
    help: string,
    labels: readonly L[] = [],
  ): Counter<L> {
    const known = this.registry.getSingleMetric(name);
    if (known instanceof Counter) return known;
    return new Counter({ name, help, labelNames: labels, registers: [this.registry] });
  }

  gauge<L extends string = never>(name: string, help: string, labels: readonly L[] = []): Gauge<L> {
    const known = this.registry.getSingleMetric(name);
    if (known instanceof Gauge) return known;
    return new Gauge({ name, help, labelNames: labels, registers: [this.registry] });
  }

  /** A gauge whose reader is heard of, before he is answered. */
  heardGauge(name: string, help: string, onRead: () => void): Gauge {
    return new Gauge({ name, help, registers: [this.registry], collect: onRead });
  }

  histogram<L extends string = never>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels: readonly L[] = [],
  ): Histogram<L> {
    return (
      (this.registry.getSingleMetric(name) as Histogram<L> | undefined) ??
      new Histogram({
        name,
        help,
        labelNames: labels,
        buckets: [...buckets],
        registers: [this.registry],
      })
    );
  }
}
