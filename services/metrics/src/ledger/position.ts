/** Where an event stands on its stream; rises per key. */
export interface Position {
  readonly epoch: number;
  readonly sequence: number;
}

export function isNewer(one: Position, other: Position): boolean {
  return one.epoch > other.epoch || (one.epoch === other.epoch && one.sequence > other.sequence);
}
