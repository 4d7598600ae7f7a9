export * from './house/alive.js';
export * from './house/api.js';
export * from './house/child.js';
export * from './house/distributed-house.js';
export * from './house/free-ports.js';
export * from './house/house.js';
export * from './house/series.js';
export * from './house/standalone-house.js';
