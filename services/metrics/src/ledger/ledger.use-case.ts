import type { BatchTransaction } from '@regulars/messaging';
import type { Transaction } from '@regulars/persistence';
import { totalsChange } from '../totals/totals.js';
import { totalsStore } from '../totals/totals.store.js';
import type { CustomerHistory } from './customer-history.js';
import { historyStore } from './history.store.js';

/** Opens the ledger for the customers of a batch: locked, and read as they stood before it. */
export async function openLedger(tx: Transaction, customerIds: readonly string[]): Promise<Ledger> {
  return new Ledger(await historyStore(tx).lockMany(customerIds));
}

/** The histories of a batch, before and after. */
export class Ledger {
  private readonly after: Map<string, CustomerHistory>;

  constructor(private readonly before: ReadonlyMap<string, CustomerHistory>) {
    this.after = new Map(before);
  }

  /** Applies one event; what was not newer is noted as superseded, so that every event is accounted for. */
  apply(
    customerId: string,
    tx: BatchTransaction,
    fold: (history: CustomerHistory) => CustomerHistory | undefined,
  ): void {
    const history = this.after.get(customerId);
    if (history === undefined) throw new TypeError('A customer is changed before it was locked.');
    const changed = fold(history);
    if (changed === undefined) tx.note('superseded', 1);
    else this.after.set(customerId, changed);
  }

  /** Writes what changed, and moves the totals by the difference. */
  async write(tx: Transaction): Promise<void> {
    const changes = [...this.after.values()].flatMap((after) => {
      const before = this.before.get(after.customerId);
      return before === undefined || before === after ? [] : [{ before, after }];
    });
    const store = historyStore(tx);
    await store.saveCustomers(changes.filter(isOtherCustomer).map(({ after }) => after));
    await store.saveOrders(
      changes.flatMap(({ before, after }) => tagged(after, newValues(before.orders, after.orders))),
    );
    await store.addSegments(
      changes.flatMap(({ before, after }) =>
        tagged(after, after.segments.slice(before.segments.length)),
      ),
    );
    await store.saveTouches(
      changes.flatMap(({ before, after }) =>
        tagged(after, newValues(before.touches, after.touches)),
      ),
    );
    await totalsStore(tx).add(totalsChange(changes));
  }
}

interface Change {
  readonly before: CustomerHistory;
  readonly after: CustomerHistory;
}

function isOtherCustomer({ before, after }: Change): boolean {
  return before.erasedDay !== after.erasedDay || before.mergeAt !== after.mergeAt;
}

function newValues<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): T[] {
  if (before === after) return [];
  return [...after].flatMap(([key, value]) => (before.get(key) === value ? [] : [value]));
}

function tagged<T extends object>({ customerId }: CustomerHistory, values: readonly T[]) {
  return values.map((value) => ({ ...value, customerId }));
}
