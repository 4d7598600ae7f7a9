export { prediction } from './prediction.js';
