/** How far a backtest has come, in steps. */
export interface Progress {
  readonly done: number;
  readonly of: number;
}
