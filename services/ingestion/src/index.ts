export { ingestion } from './ingestion.js';
export * from './requests/index.js';
