import { Inject, Injectable } from '@nestjs/common';
import { SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import type { Cause } from '@regulars/contracts';
import { instantAt, type Day } from '@regulars/kernel';
import { outbox } from '@regulars/outbox';
import type { Transaction } from '@regulars/persistence';
import { timers } from '@regulars/timers';
import type { CustomerState, Decided } from './customer-state.js';
import { SegmentMetrics } from './segment.metrics.js';
import { toSegmentChanged, type RecordedMove } from './segment-changed.js';
import { segmentStore } from './segment.store.js';

export const boundaryTimer = 'segment-boundary';

/** Writes what a batch decided, the same for forecasts, registrations and timers. */
@Injectable()
export class Decisions {
  constructor(
    @Inject(SERVICE_CONFIG) private readonly config: Pick<ServiceConfig, 'timeZone'>,
    private readonly metrics: SegmentMetrics,
  ) {}

  /** Begins a batch on customers that are locked already. */
  start(states: ReadonlyMap<string, CustomerState>): DecisionBatch {
    return new DecisionBatch(new Map(states), this.config.timeZone, this.metrics);
  }
}

/** The decisions of one transaction; several on one customer follow each other. */
export class DecisionBatch {
  private readonly moves: RecordedMove[] = [];
  private readonly boundaries = new Map<string, Day | undefined>();

  constructor(
    private readonly states: Map<string, CustomerState>,
    private readonly timeZone: string,
    private readonly metrics: SegmentMetrics,
  ) {}

  stateOf(customerId: string): CustomerState {
    const state = this.states.get(customerId);
    if (!state) throw new TypeError('A customer is decided on before it was locked.');
    return state;
  }

  add({ state, move, boundary }: Decided, decidedAt: Date, causedBy?: Cause): void {
    const { customerId } = state;
    this.states.set(customerId, state);
    this.boundaries.set(customerId, boundary);
    if (move === undefined) return;
    const cause = causedBy === undefined ? {} : { causedBy };
    this.moves.push({ customerId, decidedAt, ...cause, ...move });
  }

  async write(tx: Transaction): Promise<void> {
    const decided = [...this.boundaries.keys()].map((id) => this.stateOf(id));
    await segmentStore(tx).save(decided);
    await segmentStore(tx).addChanges(this.moves);
    await this.setTimers(tx);
    await outbox(tx).add(this.moves.map(toSegmentChanged));
    tx.afterCommit(() => {
      this.metrics.countMoves(this.moves);
    });
  }

  private async setTimers(tx: Transaction): Promise<void> {
    const due = [...this.boundaries].flatMap(([key, day]) =>
      day === undefined
        ? []
        : [{ kind: boundaryTimer, key, dueAt: instantAt(day, 0, this.timeZone), data: { day } }],
    );
    const unneeded = [...this.boundaries].flatMap(([key, day]) => (day === undefined ? [key] : []));
    await timers(tx).schedule(due);
    await timers(tx).cancel(boundaryTimer, unneeded);
  }
}
