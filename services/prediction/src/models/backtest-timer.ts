/** Kind of the timers that ask for a backtest; the key is its id. */
export const BACKTEST = 'backtest';
