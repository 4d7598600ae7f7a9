import type { CategoryForecast, ForecastUpdated } from '@regulars/contracts';
import type { Subject } from '@regulars/forecasting';
import type { ModelInForce } from '../models/model-catalog.use-case.js';
import { statedCycleOf, type StatedCycles } from '../models/stated-cycles.js';
import type { CategoryLedger, CustomerLedger } from '../purchase-history/customer-ledger.js';
import type { LedgerItem } from '../purchase-history/ledger-order.js';

/** What forecasts are made with beside the ledger. */
export interface Means extends ModelInForce {
  readonly stated: StatedCycles;
}

/** The published forecast of a customer without its envelope: a pure function of ledger, model and stated cycles. */
export type CustomerForecast = Omit<ForecastUpdated, 'customerId' | 'basedOn' | 'cause'>;

export function makeForecast(ledger: CustomerLedger, means: Means): CustomerForecast {
  const { model, open, stated } = means;
  return {
    cycle: ledger.cycle,
    imported: ledger.imported,
    ...open.forecast(customerSubject(ledger, stated)),
    ...valueOf(ledger, ledger, means),
    modelVersion: model.version,
    categories: ledger.categories.map((within): CategoryForecast => ({
      category: within.category,
      ...open.forecast(categorySubject(within, stated)),
      ...valueOf(within, ledger, means),
    })),
  };
}

export function customerSubject(ledger: CustomerLedger, stated: StatedCycles): Subject {
  const remindCategory = mainCategory(ledger.lastItems);
  return {
    history: ledger.history,
    ...(remindCategory === undefined ? {} : { remindCategory }),
    ...statedFor(ledger.lastItems, stated),
  };
}

export function categorySubject(ledger: CategoryLedger, stated: StatedCycles): Subject {
  return {
    history: ledger.history,
    category: ledger.category,
    ...statedFor(ledger.lastItems, stated),
  };
}

function statedFor(
  items: readonly LedgerItem[],
  stated: StatedCycles,
): Pick<Subject, 'statedCycleDays'> {
  const statedCycleDays = statedCycleOf(items, stated);
  return statedCycleDays === undefined ? {} : { statedCycleDays };
}

function valueOf(
  { history }: Pick<CustomerLedger, 'history'>,
  { currency }: CustomerLedger,
  { open }: Means,
): { expectedPurchaseValueMinor?: number; currency?: string } {
  const value = open.expectedPurchaseValueMinor(history, currency);
  return value === undefined ? {} : { expectedPurchaseValueMinor: value, currency };
}

/** The category on which most was spent; of equals the first by name. */
function mainCategory(items: readonly LedgerItem[]): string | undefined {
  const spent = new Map<string, number>();
  for (const { category, amountMinor } of items) {
    if (category !== null) spent.set(category, (spent.get(category) ?? 0) + amountMinor);
  }
  const [first] = [...spent].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return first?.[0];
}

/** The day of the next contact: the due day, else the reminder day. */
export function contactDayOf(
  forecast: Pick<CustomerForecast, 'dueDay' | 'remindDay' | 'lastPurchaseDay'>,
): string {
  return forecast.dueDay ?? forecast.remindDay ?? forecast.lastPurchaseDay;
}
