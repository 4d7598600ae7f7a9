import type { LedgerItem, LedgerOrder } from './ledger-order.js';

export const anItem = (over: Partial<LedgerItem> = {}): LedgerItem => ({
  product: 'p',
  category: 'coffee',
  quantity: 1,
  amountMinor: 1_000,
  ...over,
});

export const anOrder = (over: Partial<LedgerOrder>): LedgerOrder => ({
  customerId: 'c',
  source: 'shop',
  orderId: 'o',
  epoch: 1,
  revision: 1,
  purchaseId: 'a',
  purchaseDay: '2026-01-01',
  totalMinor: 1_000,
  currency: 'EUR',
  items: [anItem()],
  imported: false,
  ...over,
});
