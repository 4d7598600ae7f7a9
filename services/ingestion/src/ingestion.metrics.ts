import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '@regulars/observability';
import { refusalReasons, type RefusalReason } from './requests/refusal.js';

export const resources = ['purchase', 'customer', 'product', 'refund', 'consent'] as const;
export type Resource = (typeof resources)[number];

export type Counted =
  { readonly status: 'created' | 'updated' | 'unchanged' } | { readonly reason: RefusalReason };

/** What came in, by what it was; every series stands at zero before traffic. */
@Injectable()
export class IngestionMetrics {
  private readonly accepted;
  private readonly unchanged;
  private readonly rejected;
  private readonly groupSize;
  private readonly waiting;

  constructor(registry: MetricsRegistry) {
    this.accepted = registry.counter(
      'regulars_ingest_accepted_total',
      'Items stored: new, or changed what was known.',
      ['resource'],
    );
    this.unchanged = registry.counter(
      'regulars_ingest_unchanged_total',
      'Items that were known already, with the same content.',
      ['resource'],
    );
    this.rejected = registry.counter(
      'regulars_ingest_rejected_total',
      'Items refused, by reason.',
      ['resource', 'reason'],
    );
    this.groupSize = registry.histogram(
      'regulars_ingest_group_size',
      'Single requests that were committed together.',
      [1, 2, 5, 10, 20, 50, 100],
    );
    this.waiting = registry.gauge(
      'regulars_ingest_waiting',
      'Single requests that wait for their group commit.',
    );
    for (const resource of resources) {
      this.accepted.inc({ resource }, 0);
      this.unchanged.inc({ resource }, 0);
      for (const reason of refusalReasons) this.rejected.inc({ resource, reason }, 0);
    }
    this.waiting.set(0);
  }

  count(resource: Resource, status: 'created' | 'updated' | 'unchanged'): void {
    (status === 'unchanged' ? this.unchanged : this.accepted).inc({ resource });
  }

  /** Runs `work` and counts what it handed to `count` once it is through: what was rolled back was not accepted. */
  async counting<T>(
    resource: Resource,
    work: (count: (counted: readonly Counted[]) => void) => Promise<T>,
  ): Promise<T> {
    let counted: readonly Counted[] = [];
    const result = await work((items) => {
      counted = items;
    });
    for (const item of counted) {
      if ('status' in item) this.count(resource, item.status);
      else this.countRejected(resource, item.reason);
    }
    return result;
  }

  countRejected(resource: Resource, reason: RefusalReason): void {
    this.rejected.inc({ resource, reason });
  }

  observeGroup(size: number, waiting: number): void {
    this.groupSize.observe(size);
    this.waiting.set(waiting);
  }

  setWaiting(waiting: number): void {
    this.waiting.set(waiting);
  }
}
