export { CLOCK, SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
export * from './balances.js';
export * from './connect-database.js';
export * from './platform.module.js';
export * from './quiescence-probes.js';
export * from './run-service.js';
export * from './service-definition.js';
export * from './start-service.js';
export * from './topic-specs.js';
