/** The rules of rhythm alone, for those who decide by a forecast and make none: without 27 MB of mathematics. */
export * from './forecast/rhythm.js';
export { defaultRules } from './forecast/settings.js';
