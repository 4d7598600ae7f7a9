/** Integer counters by key; adding and taking away the same leaves nothing, so totals never drift. */
export class Tally {
  private readonly rows = new Map<string, number[]>();

  add(key: readonly string[], counters: readonly number[], sign: 1 | -1 = 1): void {
    const name = key.join('|');
    const row = this.rows.get(name);
    if (row === undefined)
      this.rows.set(
        name,
        counters.map((counter) => sign * counter),
      );
    else counters.forEach((counter, index) => (row[index] = (row[index] ?? 0) + sign * counter));
  }

  addAll(other: Tally, sign: 1 | -1 = 1): void {
    for (const [name, counters] of other.rows) this.add([name], counters, sign);
  }

  /**
   * What is not zero, sorted by key: transactions that change the same totals lock them in the same order. Keys
   * are days, ids and codes of contracts, none of which can hold the separator.
   */
  entries(): { key: readonly string[]; counters: readonly number[] }[] {
    return [...this.rows]
      .filter(([, counters]) => counters.some((counter) => counter !== 0))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, counters]) => ({ key: name.split('|'), counters }));
  }
}
