import { hash } from 'node:crypto';
import { formatAmount } from '@regulars/kernel';
import type { Verdict } from './batch.client.js';
import type { ImportItem } from './row.js';

/** What an import came to. */
export class ImportSummary {
  rows = 0;
  accepted = 0;
  private readonly counts = new Map<string, number>();
  private readonly totals = new Map<string, number>();
  private readonly reasons = new Map<string, number>();
  /** 48 bits of a hash per customer: a million customers in some 40 MB, miscounted by less than one. */
  private readonly customers = new Set<number>();

  get rejected(): number {
    return this.counts.get('rejected') ?? 0;
  }

  /** A row the server took, or in a dry run would be asked to take. */
  accept(item: ImportItem, status: Exclude<Verdict['status'], 'rejected'> | 'readable'): void {
    this.accepted += 1;
    this.count(status);
    this.customers.add(hash('sha256', item.customerKey, 'buffer').readUIntBE(0, 6));
    if (!item.amount) return;
    const { amountMinor, currency } = item.amount;
    this.totals.set(currency, (this.totals.get(currency) ?? 0) + amountMinor);
  }

  reject(reason: string): void {
    this.count('rejected');
    const code = reason.split(':', 1)[0] ?? reason;
    this.reasons.set(code, (this.reasons.get(code) ?? 0) + 1);
  }

  /** For the terminal. */
  lines(): string[] {
    const order = ['readable', 'created', 'updated', 'unchanged', 'rejected'];
    const counts = order.flatMap((status) => {
      const n = this.counts.get(status);
      return n === undefined ? [] : [`${grouped(n)} ${status}`];
    });
    const totals = [...this.totals].map(
      ([currency, amountMinor]) => `Total: ${formatAmount({ amountMinor, currency })} ${currency}`,
    );
    const reasons = [...this.reasons]
      .sort(([, a], [, b]) => b - a)
      .map(([reason, n]) => `  ${grouped(n)} ${reason}`);
    return [
      `Rows: ${grouped(this.rows)}${counts.length > 0 ? ` (${counts.join(', ')})` : ''}`,
      `Customers: ${grouped(this.customers.size)}`,
      ...totals,
      ...(reasons.length > 0 ? ['Rejected because of:', ...reasons] : []),
    ];
  }

  private count(status: string): void {
    this.counts.set(status, (this.counts.get(status) ?? 0) + 1);
  }
}

function grouped(n: number): string {
  return n.toLocaleString('en');
}
