import { Inject } from '@nestjs/common';
import { SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import type { StreamEvent } from '@regulars/contracts';
import { OnEvents, type BatchHandler, type BatchTransaction } from '@regulars/messaging';
import { inbox } from '@regulars/outbox';
import { TouchMetrics } from '../gauges/touch.metrics.js';
import { withTouch } from './fold-history.js';
import { changesState, toTouch } from './from-events.js';
import { openLedger } from './ledger.use-case.js';

@OnEvents('touch')
export class OnTouches implements BatchHandler<'touch'> {
  constructor(
    @Inject(SERVICE_CONFIG) private readonly config: Pick<ServiceConfig, 'timeZone'>,
    private readonly metrics: TouchMetrics,
  ) {}

  async handle(events: readonly StreamEvent<'touch'>[], tx: BatchTransaction): Promise<void> {
    const fresh = await inbox(tx).takeFresh(events);
    const touches = fresh.filter(changesState).map((event) => ({
      customerId: event.key,
      touch: toTouch(event, this.config.timeZone),
    }));
    const ledger = await openLedger(
      tx,
      touches.map(({ customerId }) => customerId),
    );
    for (const { customerId, touch } of touches) {
      ledger.apply(customerId, tx, (history) => withTouch(history, touch));
    }
    await ledger.write(tx);
    tx.afterCommit(() => {
      for (const { touch } of touches) this.metrics.count(touch);
    });
  }
}
