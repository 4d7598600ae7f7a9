import type { LedgerItem } from '../purchase-history/ledger-order.js';

/** What the catalogue says about a product. */
export interface ProductCycle {
  readonly statedCycleDays: number | null;
  /** How long one piece lasts. */
  readonly consumedInDays: number | null;
}

/** The cycles that the company states, by how special they are. */
export interface StatedCycles {
  readonly all: number | undefined;
  readonly categories: ReadonlyMap<string, number>;
  /** Set through the API; it wins over the catalogue. */
  readonly products: ReadonlyMap<string, number>;
  readonly catalogue: ReadonlyMap<string, ProductCycle>;
}

const LONGEST_DAYS = 3650;

/**
 * The cycle stated for what was bought on a day: the shortest among its products (the first need to return), each by
 * its product, else its category; and where nothing of that is stated, the one for all.
 */
export function statedCycleOf(
  items: readonly LedgerItem[],
  stated: StatedCycles,
): number | undefined {
  const cycles = items.flatMap((item) => {
    const days = ofProduct(item, stated) ?? ofCategory(item.category, stated);
    return days === undefined ? [] : [days];
  });
  return cycles.length === 0 ? stated.all : Math.min(...cycles);
}

function ofProduct(item: LedgerItem, stated: StatedCycles): number | undefined {
  const set = stated.products.get(item.product);
  if (set !== undefined) return set;
  const catalogue = stated.catalogue.get(item.product);
  if (!catalogue) return undefined;
  if (catalogue.statedCycleDays !== null) return catalogue.statedCycleDays;
  if (catalogue.consumedInDays === null || catalogue.consumedInDays < 1) return undefined;
  // Two packs of thirty days last sixty.
  const pieces = Math.max(1, item.quantity);
  return Math.min(LONGEST_DAYS, Math.round(catalogue.consumedInDays * pieces));
}

function ofCategory(category: string | null, stated: StatedCycles): number | undefined {
  return category === null ? undefined : stated.categories.get(category);
}
