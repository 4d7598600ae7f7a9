export { ingestion } from './ingestion.js';
export * from './requests/index.js';
export { toPurchaseState } from './purchases/purchase.js';
export { readPurchase, type NewPurchase } from './purchases/read-purchase.js';
