export { segmentation } from './segmentation.js';
