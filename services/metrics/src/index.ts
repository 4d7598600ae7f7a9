export { metrics } from './metrics.js';
