/** Why a row was left out. */
export type DropReason =
  'malformed row' | 'no customer' | 'unreadable date' | 'unreadable amount' | 'negative total';

/** What became of the rows of a file. */
export class ReadReport {
  rows = 0;
  kept = 0;
  /** Rows after the as-of day: seen and left alone. */
  afterAsOf = 0;
  readonly dropped = new Map<DropReason, { count: number; readonly firstLine: number }>();

  drop(reason: DropReason, line: number): void {
    const known = this.dropped.get(reason);
    if (known) known.count += 1;
    else this.dropped.set(reason, { count: 1, firstLine: line });
  }

  /** One line each of what a person should know. */
  lines(): string[] {
    const count = (n: number): string => n.toLocaleString('en-US');
    return [
      `Rows: ${count(this.rows)} (${count(this.kept)} used)`,
      ...(this.afterAsOf > 0 ? [`Ignored, after the as-of day: ${count(this.afterAsOf)}`] : []),
      ...[...this.dropped].map(
        ([reason, { count: n, firstLine }]) =>
          `Dropped, ${reason}: ${count(n)} (first in line ${count(firstLine)})`,
      ),
    ];
  }
}
