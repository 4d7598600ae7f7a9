import type { PurchaseKey } from './purchase.store.js';

/** One text for (`source`, `orderId`): codes hold no blank. */
export function businessKey({ source, orderId }: PurchaseKey): string {
  return `${source} ${orderId}`;
}

export function byKey<P extends PurchaseKey>(purchases: readonly P[]): Map<string, P> {
  return new Map(purchases.map((purchase) => [businessKey(purchase), purchase]));
}

/** In the order of their first appearance. */
export function firstOfEachKey<P extends PurchaseKey>(purchases: readonly P[]): Map<string, P> {
  const firsts = new Map<string, P>();
  for (const purchase of purchases) {
    const key = businessKey(purchase);
    if (!firsts.has(key)) firsts.set(key, purchase);
  }
  return firsts;
}
