export * from './arrays.js';
export * from './database.js';
export * from './group-commit.js';
export * from './sql.js';
export * from './transaction.js';
