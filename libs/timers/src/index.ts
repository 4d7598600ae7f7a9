export * from './on-timer.js';
export * from './timer-claimer.js';
export * from './timer-handler.js';
export * from './timer.entity.js';
export * from './timer.js';
export { timers } from './timers.js';
export * from './timers.migration.js';
export * from './timers.module.js';
