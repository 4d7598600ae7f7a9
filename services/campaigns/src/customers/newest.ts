/** Where an event stands among those of its key. */
export interface Position {
  readonly epoch: number;
  readonly sequence: number;
}

export function comparePositions(a: Position, b: Position): number {
  return a.epoch - b.epoch || a.sequence - b.sequence;
}

/** The newest event of each key: events carry state, so the others have nothing to add. */
export function newestByKey<E extends Position & { readonly key: string }>(
  events: readonly E[],
): E[] {
  const newest = new Map<string, E>();
  for (const event of events) {
    const known = newest.get(event.key);
    if (!known || comparePositions(event, known) > 0) newest.set(event.key, event);
  }
  return [...newest.values()];
}
