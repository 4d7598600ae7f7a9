export * from './dice.js';
export * from './eventually.js';
export * from './kafka/test-kafka.js';
export * from './postgres/drift.js';
export * from './postgres/start-postgres.js';
export * from './postgres/test-database.js';
export * from './relay/spawn-relay.js';
export * from './spawn-child.js';
