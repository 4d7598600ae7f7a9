export interface InHalves<Item, Outcome> {
  run(items: readonly Item[]): Promise<readonly Outcome[]>;
  /** Whether the items are at fault, not what they are given to: halving helps nobody while the database is away. */
  isOfItems(error: unknown): boolean;
  onFailed(error: unknown, items: readonly Item[]): void;
}

/**
 * Runs a batch as one. One that fails is halved until the item at fault stands alone, so that the others go on; whom it
 * failed for is told, and nothing is thrown.
 */
export async function inHalves<Item, Outcome>(
  items: readonly Item[],
  work: InHalves<Item, Outcome>,
): Promise<readonly Outcome[]> {
  try {
    return await work.run(items);
  } catch (error) {
    if (items.length === 1 || !work.isOfItems(error)) {
      work.onFailed(error, items);
      return [];
    }
    const middle = Math.ceil(items.length / 2);
    const first = await inHalves(items.slice(0, middle), work);
    return [...first, ...(await inHalves(items.slice(middle), work))];
  }
}
