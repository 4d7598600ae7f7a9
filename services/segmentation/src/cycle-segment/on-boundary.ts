import { Inject, Injectable } from '@nestjs/common';
import { SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import { dayOf } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { OnTimer, timers, type LeasedTimer, type TimerHandler } from '@regulars/timers';
import { passBoundary } from './customer-state.js';
import { boundaryTimer, Decisions } from './decisions.use-case.js';
import { segmentStore } from './segment.store.js';

/**
 * Time alone moves a customer: `new` becomes `one-time`, a silent repeater `lost`, on the day and with no sweep.
 * Decided as of the boundary's day, so that a timer that fires late (the service was down) leaves the same history.
 */
@Injectable()
@OnTimer(boundaryTimer)
export class OnBoundary implements TimerHandler {
  constructor(
    @Inject(SERVICE_CONFIG) private readonly config: Pick<ServiceConfig, 'timeZone'>,
    private readonly decisions: Decisions,
  ) {}

  async fire(leased: readonly LeasedTimer[], tx: Transaction): Promise<void> {
    const states = await segmentStore(tx).lockMany(leased.map(({ key }) => key));
    const taken = await timers(tx).take(leased);

    const batch = this.decisions.start(states);
    for (const { key, dueAt } of taken) {
      const day = dayOf(dueAt, this.config.timeZone);
      batch.add(passBoundary(batch.stateOf(key), day), dueAt);
    }
    await batch.write(tx);
  }
}
