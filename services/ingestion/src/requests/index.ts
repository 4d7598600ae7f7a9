export * from './batch-request.js';
export * from './customer-request.js';
export * from './product-request.js';
export * from './purchase-request.js';
