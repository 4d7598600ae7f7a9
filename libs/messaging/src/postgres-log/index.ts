export * from './postgres-log.js';
