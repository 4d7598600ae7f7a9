import { Inject } from '@nestjs/common';
import { SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import type { Consumed } from '@regulars/contracts';
import { dayOf } from '@regulars/kernel';
import { OnEvents, type BatchHandler, type BatchTransaction } from '@regulars/messaging';
import { inbox } from '@regulars/outbox';
import { Refits } from './refits.use-case.js';
import { statedCyclesStore, type ProductCycleRow } from './stated-cycles.store.js';

/** The catalogue says how long a product lasts; where that changes, forecasts change with it. */
@OnEvents('product')
export class OnProducts implements BatchHandler<'product'> {
  constructor(
    private readonly refits: Refits,
    @Inject(SERVICE_CONFIG) private readonly config: ServiceConfig,
  ) {}

  async handle(events: readonly Consumed<'product'>[], tx: BatchTransaction): Promise<void> {
    const fresh = await inbox(tx).takeFresh(events);
    if (fresh.length === 0) return;
    const newest = new Map<string, ProductCycleRow>();
    for (const event of fresh) newest.set(event.key, cycleOf(event));

    const changed = await statedCyclesStore(tx).saveProducts([...newest.values()]);
    if (changed) await this.refits.rescore(tx, dayOf(tx.clock.now(), this.config.timeZone));
  }
}

function cycleOf(event: Consumed<'product'>): ProductCycleRow {
  const { key: productId, epoch, sequence } = event;
  if (event.type === 'Tombstone') {
    return { productId, epoch, sequence, statedCycleDays: null, consumedInDays: null };
  }
  return {
    productId,
    epoch,
    sequence,
    statedCycleDays: event.data.statedCycleDays ?? null,
    consumedInDays: event.data.consumedInDays ?? null,
  };
}
