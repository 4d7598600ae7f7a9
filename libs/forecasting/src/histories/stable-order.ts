/**
 * The order that sorts integer keys, stable, by counting: time and memory linear in rows and in the range of keys.
 * @param before the order to start from: among equal keys it is kept
 */
export function stableOrder(keys: Int32Array, before?: Uint32Array): Uint32Array {
  let least = Infinity;
  let most = -Infinity;
  for (const key of keys) {
    if (key < least) least = key;
    if (key > most) most = key;
  }
  if (keys.length === 0) return new Uint32Array(0);
  const next = new Uint32Array(most - least + 2);
  for (const key of keys) next[key - least + 1] = (next[key - least + 1] ?? 0) + 1;
  for (let i = 1; i < next.length; i++) next[i] = (next[i] ?? 0) + (next[i - 1] ?? 0);
  const order = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const row = before === undefined ? i : (before[i] ?? 0);
    const slot = (keys[row] ?? 0) - least;
    const place = next[slot] ?? 0;
    order[place] = row;
    next[slot] = place + 1;
  }
  return order;
}
