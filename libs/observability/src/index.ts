export * from './health-registry.js';
export * from './logger.js';
export * from './management-server.js';
export * from './merge-registries.js';
export * from './metrics-registry.js';
export * from './nest-logger.js';
export * from './redaction.js';
export * from './tokens.js';
