export * from './service-config.js';
export * from './tokens.js';
