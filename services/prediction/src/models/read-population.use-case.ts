import { PopulationGatherer, type Population } from '@regulars/forecasting';
import type { Day } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { forecastStore } from '../next-purchase/forecast.store.js';
import { customerLedger } from '../purchase-history/customer-ledger.js';
import { ledgerStore } from '../purchase-history/ledger.store.js';

const PAGE = 1_000;
/** A fit learns nothing more from further customers (prediction: sampling noise), and they would cost memory and time. */
const MOST_CUSTOMERS = 200_000;

export interface ReadPopulation {
  readonly population: Population;
  /** Of the whole company; estimated where a sample was read. */
  readonly customers: number;
  readonly purchaseDays: number;
}

/** What all ledgers hold until a day; in a large company those of every second, third ... customer. */
export async function readPopulation(
  tx: Pick<Transaction, 'query'>,
  untilDay: Day,
  mostCustomers = MOST_CUSTOMERS,
): Promise<ReadPopulation> {
  const gatherer = new PopulationGatherer();
  const everyone = (await forecastStore(tx).population()).customers;
  const step = Math.max(1, Math.ceil(everyone / mostCustomers));
  let [customers, purchaseDays] = [0, 0];
  let after: string | null = null;
  for (;;) {
    const ids: string[] = await forecastStore(tx).idsAfter(after, step * PAGE);
    if (ids.length === 0) return { population: gatherer.population(), customers, purchaseDays };
    after = ids.at(-1) ?? null;
    const chosen = ids.filter((_, i) => i % step === 0);
    for (const orders of (await ledgerStore(tx).ordersOf(chosen, untilDay)).values()) {
      const ledger = customerLedger(orders);
      if (!ledger) continue;
      customers += step;
      purchaseDays += step * ledger.days.length;
      gatherer.addCustomer(ledger.days, ledger.currency);
      for (const { category, days } of ledger.categories) gatherer.addCategory(category, days);
    }
  }
}
