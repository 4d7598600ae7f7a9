export * from './describe-config.js';
export * from './load-service-config.js';
export * as readers from './readers.js';
export * from './service-config.js';
export * from './tokens.js';
export * from './variables.js';
