import type { Histories } from '../histories/histories.js';
import { PurchaseTable } from '../histories/purchase-table.js';
import { weekdayOf } from '../statistics/index.js';
import { Samplers } from './samplers.js';

/** A shop that behaves as the default model assumes, and where wanted beyond it. Days are days since 1970-01-01. */
export interface ShopPlan {
  readonly seed: number;
  readonly customers: number;
  /** First purchases are spread evenly over these days. */
  readonly firstDay: number;
  readonly lastFirstDay: number;
  /** Observed to its end. */
  readonly lastDay: number;
  /** Days per unit of time of `rate`. */
  readonly unitDays: number;
  /** A customer's rate while alive ~ Gamma(r, alpha); a gap ~ Gamma(k, rate). */
  readonly rate: { readonly r: number; readonly alpha: number };
  /** Regularity k of the gaps: kinds of customers with their shares. */
  readonly regularity: readonly { readonly k: number; readonly share: number }[];
  /** Chance to drop out after each purchase, the first one included ~ Beta(a, b). */
  readonly dropOut: { readonly a: number; readonly b: number };
  /** Share of customers with a weekday of their own, to which each of their purchases moves (by 3 days at most). */
  readonly weekdayShare?: number;
  /** Without them every purchase belongs to no category. */
  readonly categories?: readonly CategoryPlan[];
  /** Spend of a day in minor units ~ Gamma(shape, shape/mean), the customer's mean ~ Gamma(spread, spread/mean). */
  readonly spend?: { readonly mean: number; readonly shape: number; readonly spread: number };
}

/** A category that a share of the customers buys in its own cycle. */
export interface CategoryPlan {
  readonly name: string;
  readonly share: number;
  /** Times the customer's rate. */
  readonly pace: number;
  readonly k: number;
}

/** What the simulator knows and a model has to find out; one entry per customer in the order of the histories. */
export interface CustomerTruth {
  readonly k: number;
  readonly rate: number;
  readonly dropOut: number;
  /** Day of the last purchase ever; undefined where it comes after the observed days. */
  readonly lastPurchaseEver?: number;
}

export interface SimulatedPurchases {
  readonly histories: Histories;
  /** By category; empty without categories. */
  readonly categoryHistories: ReadonlyMap<string, Histories>;
  readonly truth: readonly CustomerTruth[];
}

/** The same plan gives the same shop; customers are independent of each other, so a smaller shop is part of a larger one. */
export function simulateShop(plan: ShopPlan): SimulatedPurchases {
  const table = new PurchaseTable();
  const truth = Array.from({ length: plan.customers }, (_, customer) =>
    simulateCustomer(plan, customer, table),
  );
  return { histories: table.histories(), categoryHistories: table.categoryHistories(), truth };
}

function simulateCustomer(plan: ShopPlan, customer: number, table: PurchaseTable): CustomerTruth {
  const draw = new Samplers(plan.seed, customer);
  const k = draw.pick(plan.regularity)?.k ?? 1;
  const rate = draw.gamma(plan.rate.r, plan.rate.alpha);
  const dropOut = draw.beta(plan.dropOut.a, plan.dropOut.b);
  const start = plan.firstDay + draw.uniform() * (plan.lastFirstDay - plan.firstDay + 1);
  const weekday = draw.chance(plan.weekdayShare ?? 0) ? Math.floor(7 * draw.uniform()) : undefined;
  const meanSpend =
    plan.spend && draw.gamma(plan.spend.spread, plan.spend.spread / plan.spend.mean);
  const cycles = cyclesOf(plan, draw, { k, rate });

  let last = -Infinity;
  for (const { category, k: shape, rate: pace } of cycles) {
    let time = start;
    for (;;) {
      const day = weekday === undefined ? Math.floor(time) : nearest(Math.floor(time), weekday);
      last = Math.max(last, day);
      if (day > plan.lastDay) break;
      const spend =
        plan.spend && meanSpend !== undefined
          ? Math.round(draw.gamma(plan.spend.shape, plan.spend.shape / meanSpend))
          : 0;
      table.add(String(customer), Math.max(day, plan.firstDay), spend, category);
      if (draw.chance(dropOut)) break;
      time += plan.unitDays * draw.gamma(shape, pace);
    }
  }
  return { k, rate, dropOut, ...(last <= plan.lastDay && { lastPurchaseEver: last }) };
}

interface Cycle {
  readonly category?: string;
  readonly k: number;
  readonly rate: number;
}

/** Everybody buys something: who takes up no category by chance gets one by the shares. */
function cyclesOf(plan: ShopPlan, draw: Samplers, own: Cycle): Cycle[] {
  if (!plan.categories || plan.categories.length === 0) return [own];
  const chosen = plan.categories.filter(({ share }) => draw.chance(share));
  const first = chosen.length > 0 ? chosen : [draw.pick(plan.categories)];
  return first.flatMap((category) =>
    category ? [{ category: category.name, k: category.k, rate: own.rate * category.pace }] : [],
  );
}

/** The day nearest to this one that falls on the weekday. */
function nearest(day: number, weekday: number): number {
  const ahead = (weekday - weekdayOf(day) + 7) % 7;
  return ahead <= 3 ? day + ahead : day + ahead - 7;
}
