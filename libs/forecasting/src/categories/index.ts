export { reconcile } from './reconcile.js';
