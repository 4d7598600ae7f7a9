export * from './database.js';
export * from './sql.js';
export * from './transaction.js';
