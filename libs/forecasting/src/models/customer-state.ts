/** What the models read of one customer, in time units. */
export interface CustomerState {
  /** Repeat purchases: purchase days after the first. */
  readonly x: number;
  /** Time of the last purchase, and of now, both since the first purchase. */
  readonly tx: number;
  readonly T: number;
  /** Sum of ln(gap in time units) over the x gaps. Models of random gaps don't read it. */
  readonly litt: number;
}
