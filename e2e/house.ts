export * from './house/alive.ts';
export * from './house/api.ts';
export * from './house/child.ts';
export * from './house/distributed-house.ts';
export * from './house/house.ts';
export * from './house/series.ts';
export * from './house/standalone-house.ts';
