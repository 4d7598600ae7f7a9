import { classOf } from '@regulars/messaging';

/**
 * Runs a batch as one. One that fails is halved until the item at fault stands alone, so that the others go on; whom it
 * failed for is told, and nothing is thrown. While the database is away halving helps nobody.
 */
export async function inHalves<Item, Outcome>(
  items: readonly Item[],
  run: (items: readonly Item[]) => Promise<readonly Outcome[]>,
  onFailed: (error: unknown, items: readonly Item[]) => void,
): Promise<readonly Outcome[]> {
  try {
    return await run(items);
  } catch (error) {
    const kind = classOf(error);
    if (items.length === 1 || (kind !== 'poison' && kind !== 'conflict')) {
      onFailed(error, items);
      return [];
    }
    const middle = Math.ceil(items.length / 2);
    const first = await inHalves(items.slice(0, middle), run, onFailed);
    return [...first, ...(await inHalves(items.slice(middle), run, onFailed))];
  }
}
