export * from './simulated-time/time-driver.js';
export * from './start/start-standalone.js';
