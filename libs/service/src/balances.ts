import type { Balance } from '@regulars/kernel';
import { passedBalances } from '@regulars/messaging';
import { outboxBalance } from '@regulars/outbox';
import type { Transaction } from '@regulars/persistence';
import type { ServiceDefinition } from './service-definition.js';

/** Every sum that a service's records must satisfy, asked of its database. Reads only, and locks nothing. */
export async function balancesOf(
  definition: Pick<ServiceDefinition, 'name' | 'balances'>,
  database: Pick<Transaction, 'query'>,
): Promise<Balance[]> {
  return [
    ...(await passedBalances(database, definition.name)),
    await outboxBalance(database),
    ...((await definition.balances?.(database)) ?? []),
  ];
}
