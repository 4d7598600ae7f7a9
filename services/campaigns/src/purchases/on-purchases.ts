import { causeOf, type Consumed } from '@regulars/contracts';
import { OnEvents, type BatchHandler, type BatchTransaction } from '@regulars/messaging';
import { inbox } from '@regulars/outbox';
import { KeepAgreements } from '../agreements/keep-agreements.use-case.js';
import { customerStore } from '../customers/customer.store.js';
import { newestByKey } from '../customers/newest.js';
import { WalkLadders } from '../enrolments/walk-ladders.use-case.js';
import { newestOrders } from './newest-orders.js';
import { purchaseStore } from './purchase.store.js';

/** A purchase ends the ladders that waited for it, keeps an agreement, and may begin a ladder of its own. */
@OnEvents('purchase')
export class OnPurchases implements BatchHandler<'purchase'> {
  constructor(
    private readonly walkLadders: WalkLadders,
    private readonly keepAgreements: KeepAgreements,
  ) {}

  async handle(events: readonly Consumed<'purchase'>[], tx: BatchTransaction): Promise<void> {
    const fresh = await inbox(tx).takeFresh(events);
    const customers = await customerStore(tx).lockMany(fresh.map(({ key }) => key));
    const alive = fresh.filter(({ key }) => customers.get(key)?.erased !== true);
    tx.note('superseded', fresh.length - alive.length);

    const orders = newestOrders(alive);
    const newest = newestByKey(alive);
    await purchaseStore(tx).saveMany(orders);
    await customerStore(tx).raisePurchasePositions(
      newest.map(({ key, epoch, sequence }) => ({ customerId: key, epoch, sequence })),
    );
    const causes = new Map(newest.map((event) => [event.key, causeOf(event)]));
    await this.keepAgreements.run(tx, orders, causes);
    await this.walkLadders.run(tx, causes);
  }
}
