import { sql } from '@regulars/persistence';
import { eventually } from '@regulars/testing';
import { raw } from '../../e2e/house/raw.ts';
import type { House } from '../../e2e/house/house.ts';
import { PATIENCE_MS } from './patience.ts';

/** Without models, outbox and epoch: those are no consequence of what was read. */
const derived = {
  prediction: [
    'customers',
    'ledger_orders',
    'forecasts',
    'category_forecasts',
    'stated_cycles',
    'products',
  ],
  metrics: [
    'customers',
    'orders',
    'segment_events',
    'touches',
    'purchase_totals',
    'revenue_totals',
    'membership_deltas',
    'touch_totals',
    'touch_purchases',
    'forecast_records',
  ],
};
/** Where the group stands, and what it counted on the way. */
const progress = ['consumer_positions', 'consumer_counters'];

/**
 * While the house is down: makes prediction and metrics forget all that they have derived, and sends the groups of the
 * others back to the beginning with what they have.
 */
export async function forgetAndRewind(house: House): Promise<void> {
  const tables = [
    ...Object.entries(derived).flatMap(([service, names]) =>
      [...names, 'inbox', ...progress].map((name) => `${service}.${name}`),
    ),
    ...['campaigns', 'segmentation'].flatMap((service) =>
      progress.map((name) => `${service}.${name}`),
    ),
  ];
  await house.rows(raw(`truncate ${tables.join(', ')}`));
  // What is derived anew has its effects anew.
  await house.rows(sql`delete from public.fault_seen where consumer = 'prediction'`);
}

/** What must be the same after a rebuild, times of bookkeeping aside. */
export async function derivedState(house: House): Promise<Map<string, string>> {
  await eventually(
    async () => {
      const running = await house.rows(
        sql`select from prediction.rescorings where state = 'running'`,
      );
      return running.length === 0;
    },
    { withinMs: PATIENCE_MS },
  );
  await house.drained(PATIENCE_MS);
  const forecasts = await house.api.all<{ customerId: string }>('/v1/forecasts');
  const state = new Map<string, unknown>(
    forecasts.map((forecast) => [`forecast of ${forecast.customerId}`, forecast]),
  );
  for (const path of ['/v1/reports/customers', '/v1/segments'])
    state.set(path, await house.api.get(path));
  return new Map([...state].map(([name, value]) => [name, JSON.stringify(value, withoutTimes)]));
}

export function differences(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): string[] {
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((name) => one.get(name) !== other.get(name))
    .map((name) => `${name}: ${String(one.get(name))} became ${String(other.get(name))}`);
}

function withoutTimes(name: string, value: unknown): unknown {
  return name.endsWith('At') ? undefined : value;
}
