import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '@regulars/observability';
import type { RecordedMove } from './segment-changed.js';

const segments = ['no-purchase', 'new', 'one-time', 'periodic', 'regular', 'lost'] as const;
const causes = ['registered', 'purchase', 'time', 'refit', 'correction'] as const;

/** Moves between segments as a series; all combinations stand at zero before traffic. */
@Injectable()
export class SegmentMetrics {
  private readonly changes;

  constructor(registry: MetricsRegistry) {
    this.changes = registry.counter(
      'regulars_segment_changes_total',
      'Customers that moved into a segment, by what moved them.',
      ['to', 'cause'],
    );
    for (const to of segments) for (const cause of causes) this.changes.inc({ to, cause }, 0);
  }

  countMoves(moves: readonly RecordedMove[]): void {
    for (const { to } of moves) this.changes.inc({ to: to.segment, cause: to.cause });
  }
}
