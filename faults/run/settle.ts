import { serviceNames } from '@regulars/contracts';
import { sql } from '@regulars/persistence';
import { eventually } from '@regulars/testing';
import { raw } from '../../e2e/house/raw.ts';
import type { House } from '../../e2e/house/house.ts';

/** On a loaded machine even the first look may come late. */
const SETTLED_WITHIN_MS = 120_000;
/** Touches come due and are told of for a while; on a loaded machine for a long while. */
const DRAINED_WITHIN_MS = 300_000;

/**
 * Nothing waits anywhere, no touch is between its two transactions, and nothing comes due while the run is judged: what
 * is read first must be true still when the last is read.
 */
export async function settle(house: House): Promise<void> {
  await house.ready();
  await house.drained(DRAINED_WITHIN_MS);
  await eventually(
    async () => {
      for (const statement of [leasesOfTheDead, timersOfTheDead, holdTimers])
        await house.rows(statement);
      const open = await house.rows(underWay);
      if (open.length > 0) {
        const each = open.map(({ state, count }) => `${String(count)} ${String(state)}`);
        throw new Error(`These are under way: ${each.join(', ')}.`);
      }
    },
    { withinMs: SETTLED_WITHIN_MS },
  );
  await house.drained(DRAINED_WITHIN_MS);
}

/**
 * Ends leases as time does, sooner: providers are waited for 10 s, so whoever leased a touch over 15 s of its minute ago
 * has lost it, with his process or with his database.
 */
const leasesOfTheDead = sql`
  update campaigns.touches set leased_until = clock_timestamp()
  where leased_until between clock_timestamp() and clock_timestamp() + interval '45 s'`;

/** The same for due timers, which are leased for 30 s and fired in one short transaction; and what failed is tried now. */
const timersOfTheDead = inEveryService(
  (service) => `
    update ${service}.timers set leased_until = null
    where due_at <= clock_timestamp() and leased_until > clock_timestamp()
      and (attempts > 0 or leased_until < clock_timestamp() + interval '25 s') returning 1`,
);

/** What would come due soon, as a second try of a message does, comes due a day later. */
const holdTimers = inEveryService(
  (service) => `
    update ${service}.timers set due_at = due_at + interval '1 day'
    where due_at between clock_timestamp() and clock_timestamp() + interval '1 hour' returning 1`,
);

const underWay = raw(`
  select state || ' (' || reason || ')' as state, count(*) from campaigns.touches
  where state = 'sending' or ready_at is not null group by 1
  ${serviceNames
    .map(
      (service) => `
        union all select 'timers of ${service} (' || kind || ')', count(*) from ${service}.timers
        where due_at <= clock_timestamp() + interval '1 hour' group by 1`,
    )
    .join('')}`);

function inEveryService(update: (service: string) => string): ReturnType<typeof raw> {
  const parts = serviceNames.map((service) => `of_${service} as (${update(service)})`);
  return raw(`with ${parts.join(', ')} select 1`);
}
