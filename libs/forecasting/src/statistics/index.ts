export * from './customer-statistics.js';
export * from './fold-statistics.js';
export * from './known-history.js';
export * from './purchase-histories.js';
