export * from './report.js';
export { type BacktestOptions, type BacktestProgress, runBacktest } from './run-backtest.js';
