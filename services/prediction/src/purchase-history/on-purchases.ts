import { causeOf, type Consumed } from '@regulars/contracts';
import { OnEvents, type BatchHandler, type BatchTransaction } from '@regulars/messaging';
import { inbox, isNewer } from '@regulars/outbox';
import { RefitGrowth } from '../models/refit-growth.use-case.js';
import type { Occasion } from '../next-purchase/forecast-events.js';
import { NextPurchases } from '../next-purchase/next-purchases.use-case.js';
import { currentStates } from './current-states.use-case.js';
import { customersStore, type LockedCustomer } from './customers.store.js';
import { newestOrders, type WrittenOrder } from './ledger-order.js';
import { ledgerStore } from './ledger.store.js';

type PurchaseEvent = Consumed<'purchase'>;

/**
 * A purchase moves the customer's ledger forward and is answered with a forecast. The ledger is the truth; a new order on
 * the last purchase day or a later one goes on from the state that is kept of it, anything else folds it anew.
 */
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
    const written = await ledgerStore(tx).upsertNewer(orders);
    const taken = new Set(written.map(({ order }) => order));
    const refused = orders.filter((order) => !taken.has(order));
    const late = refused.reduce((sum, order) => sum + (eventsOf.get(order) ?? 0), superseded);
    // What still comes for an erased customer is superseded by the erasure.
    tx.note('superseded', late + fresh.length - known.length);

    const occasions = occasionsOf(known, customers, written);
    const touched = [...occasions.keys()].flatMap((id) => customers.get(id) ?? []);
    const states = await currentStates(tx, touched, written);
    await customersStore(tx).saveMany(
      [...occasions].map(([id, { answers }]) => ({
        id,
        answered: answers,
        state: states.get(id),
      })),
    );
    const { first } = await this.nextPurchases.renew(tx, occasions, states);
    await this.growth.noticed(tx, first);
  }
}

/** One per customer: answered is the newest event, which a redriven old one is not. */
function occasionsOf(
  events: readonly PurchaseEvent[],
  customers: ReadonlyMap<string, LockedCustomer>,
  written: readonly WrittenOrder[],
): Map<string, Occasion> {
  const writtenOf = Map.groupBy(written, ({ order }) => order.customerId);
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
      arrived: before?.arrived ?? writtenOf.get(event.key)?.map(({ order }) => order) ?? [],
    });
  }
  return occasions;
}
