export * from './epoch.js';
export * from './inbox.js';
export * from './log-fence.js';
export * from './outbox.entity.js';
export * from './outbox.migration.js';
export * from './outbox.js';
export * from './relay.js';
export * from './relay-store.js';
