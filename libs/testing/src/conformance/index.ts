export * from './describe-log-conformance.js';
export * from './provider.js';
