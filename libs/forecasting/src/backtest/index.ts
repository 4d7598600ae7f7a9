export * from './report.js';
export { type BacktestOptions, type BacktestProgress, runBacktest } from './run-backtest.js';
export { htmlPage } from './presentation/html-page.js';
export { terminalLines } from './presentation/terminal-lines.js';
export { type ForecasterSummary, summarise } from './presentation/summary.js';
export {
  type GateCheck,
  type GateReport,
  type GateVerdict,
  judgeCandidate,
} from './gate/judge-candidate.js';
export { type ActiveVersion, type GateCandidates } from './gate/scene.js';
