export * from './consume-all.js';
export * from './crash-consumer.js';
export * from './counted-ports.js';
export * from './crash-everywhere.js';
export * from './crash-points.js';
export * from './tables.js';
