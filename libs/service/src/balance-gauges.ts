import { gapOf, together, type Balance } from '@regulars/kernel';
import type { Logger, MetricsRegistry } from '@regulars/observability';

export interface BalanceGaugeOptions {
  readonly metrics: MetricsRegistry;
  readonly logger: Logger;
  readonly everyMs?: number;
  readonly read: () => Promise<readonly Balance[]>;
}

const EVERY_MS = 60_000;
/** The sums read whole tables: at most this share of the time is spent on them, however large those grow. */
const SHARE = 0.01;

/** The sums as metrics, for an alert on any gap. Read aside from the scrape. */
export class BalanceGauges {
  private readonly gap;
  private readonly records;
  private readonly checkedAt;
  private timer: NodeJS.Timeout | undefined;
  private reading: Promise<void> = Promise.resolve();

  constructor(private readonly options: BalanceGaugeOptions) {
    const { metrics } = options;
    this.gap = metrics.gauge(
      'regulars_balance_gap_records',
      'Records that a sum lacks or has too many; always 0.',
      ['sum', 'of'],
    );
    this.records = metrics.gauge(
      'regulars_balance_records',
      'Records by what they have become; with part="whole" their sum.',
      ['sum', 'of', 'part'],
    );
    this.checkedAt = metrics.gauge(
      'regulars_balance_checked_timestamp_seconds',
      'When the sums were last read; 0 = not yet.',
    );
    this.gap.set({ sum: 'outbox', of: '' }, 0);
    this.checkedAt.set(0);
  }

  start(): void {
    this.schedule(0);
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.reading;
  }

  private schedule(ms: number): void {
    this.timer = setTimeout(() => {
      this.reading = this.refresh();
    }, ms);
    this.timer.unref();
  }

  private async refresh(): Promise<void> {
    const startedAt = performance.now();
    try {
      for (const balance of await this.options.read()) this.show(balance);
      this.checkedAt.set(Date.now() / 1_000);
    } catch (error) {
      this.options.logger.warn({ err: error }, 'the sums could not be read; tried again');
    }
    const tookMs = performance.now() - startedAt;
    const { everyMs = EVERY_MS } = this.options;
    if (this.timer !== undefined) this.schedule(together(Math.max(everyMs, tookMs / SHARE)));
  }

  private show(balance: Balance): void {
    const { sum, of, whole, parts } = balance;
    const gap = gapOf(balance);
    this.gap.set({ sum, of }, gap);
    this.records.set({ sum, of, part: 'whole' }, whole);
    for (const [part, count] of Object.entries(parts)) this.records.set({ sum, of, part }, count);
    if (gap > 0)
      this.options.logger.error(
        { sum, of, findings: balance.gaps.map(({ finding }) => finding) },
        'a sum of records has a gap',
      );
  }
}
