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
  return newestOf(
    events,
    ({ key }) => key,
    (event) => event,
  );
}

/** The newest of those that are about the same. */
export function newestOf<T>(
  all: readonly T[],
  aboutWhat: (one: T) => string,
  positionOf: (one: T) => Position,
): T[] {
  const newest = new Map<string, T>();
  for (const one of all) {
    const what = aboutWhat(one);
    const known = newest.get(what);
    if (known === undefined || comparePositions(positionOf(one), positionOf(known)) > 0)
      newest.set(what, one);
  }
  return [...newest.values()];
}
