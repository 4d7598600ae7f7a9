import type { Transaction } from '@regulars/persistence';
import type { CustomerState } from './customer-state.js';
import type { CustomerRow } from './customers.store.js';
import { foldOrders, growState } from './fold-orders.js';
import type { WrittenOrder } from './ledger-order.js';
import { ledgerStore } from './ledger.store.js';

/**
 * The states of customers whose ledgers have taken these orders; customers of whom no order counts are absent. The
 * ledger is read only of those whose state cannot grow by what came, or who have none.
 */
export async function currentStates(
  tx: Pick<Transaction, 'query'>,
  customers: readonly Pick<CustomerRow, 'id' | 'state'>[],
  written: readonly WrittenOrder[] = [],
): Promise<Map<string, CustomerState>> {
  const writtenOf = Map.groupBy(written, ({ order }) => order.customerId);
  const states = new Map<string, CustomerState>();
  const toFold: string[] = [];
  for (const { id, state } of customers) {
    const grown = state && growState(state, writtenOf.get(id) ?? []);
    if (grown) states.set(id, grown);
    else toFold.push(id);
  }
  if (toFold.length === 0) return states;
  for (const [id, orders] of await ledgerStore(tx).ordersOf(toFold)) {
    const folded = foldOrders(orders);
    if (folded) states.set(id, folded);
  }
  return states;
}
