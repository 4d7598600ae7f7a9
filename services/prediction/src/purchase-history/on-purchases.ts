import { causeOf, type Consumed } from '@regulars/contracts';
import { OnEvents, type BatchHandler, type BatchTransaction } from '@regulars/messaging';
import { inbox, isNewer } from '@regulars/outbox';
import { RefitGrowth } from '../models/refit-growth.use-case.js';
import type { Occasion } from '../next-purchase/forecast-events.js';
import { NextPurchases } from '../next-purchase/next-purchases.use-case.js';
import { customersStore, type LockedCustomer } from './customers.store.js';
import { newestOrders, type LedgerOrder } from './ledger-order.js';
import { ledgerStore } from './ledger.store.js';

type PurchaseEvent = Consumed<'purchase'>;

/** A purchase moves the customer's ledger forward and is answered with a forecast. */
@OnEvents('purchase')
export class OnPurchases implements BatchHandler<'purchase'> {
  constructor(
    private readonly nextPurchases: NextPurchases,
    private readonly growth: RefitGrowth,
  ) {}

  async handle(events: readonly PurchaseEvent[], tx: BatchTransaction): Promise<void> {
    const fresh = await inbox(tx).takeFresh(events);
    if (fresh.length === 0) return;
    const customers = await customersStore(tx).lockMany(fresh.map(({ key }) => key));
    const known = fresh.filter(({ key }) => customers.get(key)?.erased === false);

    const { orders, eventsOf, superseded } = newestOrders(known);
    const written = new Set((await ledgerStore(tx).upsertNewer(orders)).map(nameOf));
    const refused = orders.filter((order) => !written.has(nameOf(order)));
    const late = refused.reduce((sum, order) => sum + (eventsOf.get(order) ?? 0), superseded);
    // What still comes for an erased customer is superseded by the erasure.
    tx.note('superseded', late + fresh.length - known.length);

    const occasions = occasionsOf(known, customers);
    await customersStore(tx).saveAnswered(
      new Map([...occasions].map(([id, { answers }]) => [id, answers])),
    );
    const { first } = await this.nextPurchases.renew(tx, occasions);
    await this.growth.noticed(tx, first);
  }
}

/** One per customer: answered is the newest event, which a redriven old one is not. */
function occasionsOf(
  events: readonly PurchaseEvent[],
  customers: ReadonlyMap<string, LockedCustomer>,
): Map<string, Occasion> {
  const occasions = new Map<string, Occasion>();
  for (const event of events) {
    const before = occasions.get(event.key);
    const answered = before?.answers ?? customers.get(event.key)?.answered;
    const { epoch, sequence } = event;
    const purchased = event.type === 'PurchaseRecorded' || before?.cause === 'purchase';
    occasions.set(event.key, {
      cause: purchased ? 'purchase' : 'correction',
      answers: answered && !isNewer(event, answered) ? answered : { epoch, sequence },
      causedBy: causeOf(event),
    });
  }
  return occasions;
}

function nameOf(order: Pick<LedgerOrder, 'customerId' | 'source' | 'orderId'>): string {
  return [order.customerId, order.source, order.orderId].join(' ');
}
