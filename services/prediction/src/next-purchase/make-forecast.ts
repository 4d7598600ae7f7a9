import type { CategoryForecast, ForecastUpdated } from '@regulars/contracts';
import type { Subject } from '@regulars/forecasting';
import type { ModelInForce } from '../models/model-catalog.use-case.js';
import { statedCycleOf, type StatedCycles } from '../models/stated-cycles.js';
import type { CategoryState, CustomerState } from '../purchase-history/customer-state.js';
import type { LedgerItem } from '../purchase-history/ledger-order.js';

/** What forecasts are made with beside the customer's state. */
export interface Means extends ModelInForce {
  readonly stated: StatedCycles;
}

/** The published forecast of a customer without its envelope: a pure function of state, model and stated cycles. */
export type CustomerForecast = Omit<ForecastUpdated, 'customerId' | 'basedOn' | 'cause'>;

export function makeForecast(state: CustomerState, means: Means): CustomerForecast {
  const { model, open, stated } = means;
  return {
    cycle: state.cycle,
    imported: state.imported,
    ...open.forecast(customerSubject(state, stated)),
    ...valueOf(state, state, means),
    modelVersion: model.version,
    categories: state.categories.map((within): CategoryForecast => ({
      category: within.category,
      ...open.forecast(categorySubject(within, stated)),
      ...valueOf(within, state, means),
    })),
  };
}

export function customerSubject(state: CustomerState, stated: StatedCycles): Subject {
  const remindCategory = mainCategory(state.lastItems);
  return {
    history: state.history,
    ...(remindCategory === undefined ? {} : { remindCategory }),
    ...statedFor(state.lastItems, stated),
  };
}

export function categorySubject(state: CategoryState, stated: StatedCycles): Subject {
  return {
    history: state.history,
    category: state.category,
    ...statedFor(state.lastItems, stated),
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
  { history }: Pick<CustomerState, 'history'>,
  { currency }: CustomerState,
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
