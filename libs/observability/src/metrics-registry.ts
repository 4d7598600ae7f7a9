import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * The Prometheus series of one service. Asked twice for a name it gives the same series, so that a part can be
 * made more than once. Series with labels are declared with all their combinations, so that they stand at zero before traffic.
 */
export class MetricsRegistry {
  readonly registry = new Registry();

  constructor(readonly service: string) {
    this.registry.setDefaultLabels({ service });
  }

  /** Series of the process itself: CPU, memory, event loop. Once per process. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.registry, prefix: 'regulars_' });
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
