export * from './postgres/embedded-postgres.js';
export * from './simulated-time/time-driver.js';
export * from './start/start-standalone.js';
