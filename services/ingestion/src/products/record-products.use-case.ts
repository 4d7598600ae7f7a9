import { isDeepStrictEqual } from 'node:util';
import type { Cause, NewEvent } from '@regulars/contracts';
import { outbox } from '@regulars/outbox';
import type { Transaction } from '@regulars/persistence';
import type { ProductItem } from '../requests/product-request.js';
import { productStore, type Product } from './product.store.js';

export type ProductOutcome = 'created' | 'updated' | 'unchanged';

/** Stores whole products; of one that comes twice the last holds. What is so already sends no event. */
export async function recordProducts(
  items: readonly ProductItem[],
  cause: Cause | undefined,
  tx: Transaction,
): Promise<ProductOutcome[]> {
  const ids = [...new Set(items.map(({ productId }) => productId))];
  const products = await productStore(tx).lockMany(ids);
  const changed = new Map<string, Product>();
  const outcomes = items.map((item): ProductOutcome => {
    const product: Product = { ...item, titles: item.titles ?? {}, goesWith: item.goesWith ?? [] };
    const before = products.get(item.productId);
    if (isDeepStrictEqual(before, product)) return 'unchanged';
    products.set(product.productId, product);
    changed.set(product.productId, product);
    return before ? 'updated' : 'created';
  });
  const occurredAt = tx.clock.now();
  await productStore(tx).saveMany([...changed.values()], occurredAt);
  await outbox(tx).add(
    [...changed.values()].map((data): NewEvent => ({
      stream: 'product',
      type: 'ProductChanged',
      key: data.productId,
      occurredAt,
      data,
      ...(cause === undefined ? {} : { causedBy: cause }),
    })),
  );
  return outcomes;
}
