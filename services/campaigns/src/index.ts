export { campaigns } from './campaigns.js';
