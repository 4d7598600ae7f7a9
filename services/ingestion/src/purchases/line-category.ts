import type { OrderLine } from '@regulars/contracts';

/** The category at the time of the purchase: a product that moves later does not take its past along. */
export function withCategory(line: OrderLine, categories: ReadonlyMap<string, string>): OrderLine {
  const category = line.category ?? categories.get(line.productId);
  return category === undefined ? line : { ...line, category };
}

/** Products whose category has to be looked up. */
export function productsWithoutCategory(
  purchases: readonly { readonly lines: readonly OrderLine[] }[],
): string[] {
  const lines = purchases.flatMap((purchase) => purchase.lines);
  const without = lines.filter(({ category }) => category === undefined);
  return [...new Set(without.map(({ productId }) => productId))];
}
