import { PopulationGatherer, type Population } from '@regulars/forecasting';
import type { Day } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { forecastStore } from '../next-purchase/forecast.store.js';
import { customerLedger } from '../purchase-history/customer-ledger.js';
import { ledgerStore } from '../purchase-history/ledger.store.js';

const PAGE = 1_000;

export interface ReadPopulation {
  readonly population: Population;
  readonly purchaseDays: number;
}

/** What all ledgers hold until a day. */
export async function readPopulation(
  tx: Pick<Transaction, 'query'>,
  untilDay: Day,
): Promise<ReadPopulation> {
  const gatherer = new PopulationGatherer();
  let purchaseDays = 0;
  let after: string | null = null;
  for (;;) {
    const ids: string[] = await forecastStore(tx).idsAfter(after, PAGE);
    if (ids.length === 0) return { population: gatherer.population(), purchaseDays };
    after = ids.at(-1) ?? null;
    for (const orders of (await ledgerStore(tx).ordersOf(ids, untilDay)).values()) {
      const ledger = customerLedger(orders);
      if (!ledger) continue;
      purchaseDays += ledger.days.length;
      gatherer.addCustomer(ledger.days, ledger.currency);
      for (const { category, days } of ledger.categories) gatherer.addCategory(category, days);
    }
  }
}
