export * from './balance.js';
export * from './clock.js';
export * from './day.js';
export * from './error.js';
export * from './ids.js';
export * from './money.js';
export * from './result.js';
