import { Inject, Injectable } from '@nestjs/common';
import { SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import { Gauge } from 'prom-client';
import { MetricsRegistry } from '@regulars/observability';
import { Database } from '@regulars/persistence';
import { segmentSeries } from '../ledger/customer-history.js';
import { overviewNumbers, type OverviewNumbers } from '../reports/overview.use-case.js';
import { ReportCalendar } from '../reports/report-calendar.provider.js';

/** Scrapes within this time share one read. */
const freshMs = 5_000;

/** The overview as gauges, read when Prometheus asks; all of them stand at zero before traffic. */
@Injectable()
export class ReportGauges {
  private readonly failures;
  private readonly gauges;
  private readonly currencies = new Set<string>();
  private readAt = -Infinity;
  private reading: Promise<void> | undefined;

  constructor(
    registry: MetricsRegistry,
    private readonly database: Database,
    private readonly calendar: ReportCalendar,
    @Inject(SERVICE_CONFIG) { currency }: Pick<ServiceConfig, 'currency'>,
  ) {
    const refresh = () => this.refresh();
    const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
      new Gauge({ name, help, labelNames, registers: [registry.registry], collect: refresh });
    this.gauges = {
      repeatShare: gauge(
        'regulars_repeat_purchase_share',
        'Repeat purchase days / purchase days of the last 30 days.',
        [],
      ),
      repeatRate: gauge(
        'regulars_repeat_purchase_rate',
        'Customers with two or more purchase days / customers with one or more.',
        [],
      ),
      purchaseDays: gauge('regulars_purchase_days', 'Purchase days of the last 30 days.', []),
      customers: gauge('regulars_segment_customers', 'Customers in a segment today.', ['segment']),
      share: gauge(
        'regulars_segment_share',
        'Share of a segment among customers who have bought.',
        ['segment'],
      ),
      churn: gauge(
        'regulars_annual_churn_share',
        'Of those regular or periodic a year ago, the share that is lost (lapsed) today.',
        [],
      ),
      revenue: gauge(
        'regulars_revenue_minor',
        'Revenue net of refunds of the last 30 days, minor units.',
        ['currency'],
      ),
      repeatRevenue: gauge(
        'regulars_repeat_revenue_minor',
        'The part of the revenue from repeat purchases.',
        ['currency'],
      ),
      averageCheck: gauge(
        'regulars_average_check_minor',
        'Revenue / orders of the last 30 days, minor units.',
        ['currency'],
      ),
    };
    this.failures = registry.counter(
      'regulars_report_gauges_failures_total',
      'Reads of the report gauges that failed; the gauges then keep their last values.',
    );
    const { revenue, repeatRevenue, averageCheck } = this.gauges;
    for (const money of [revenue, repeatRevenue, averageCheck]) money.set({ currency }, 0);
    this.currencies.add(currency);
    for (const segment of segmentSeries) {
      this.gauges.customers.set({ segment }, 0);
      this.gauges.share.set({ segment }, 0);
    }
  }

  /** Read now, unless it was just done or is being done. */
  private refresh(): Promise<void> {
    if (performance.now() - this.readAt < freshMs) return Promise.resolve();
    this.reading ??= this.read().finally(() => {
      this.readAt = performance.now();
      this.reading = undefined;
    });
    return this.reading;
  }

  private async read(): Promise<void> {
    try {
      this.show(await overviewNumbers(this.database, this.calendar.today()));
    } catch {
      // Without the database the scrape must still answer: the failure is a series of its own.
      this.failures.inc();
    }
  }

  private show(numbers: OverviewNumbers): void {
    const { repeatShare, repeatRate, purchaseDays, customers, share, churn } = this.gauges;
    repeatShare.set(numbers.repeatShare ?? 0);
    repeatRate.set(numbers.repeatPurchaseRate ?? 0);
    purchaseDays.set(numbers.purchaseDays);
    churn.set(numbers.churn.share ?? 0);
    for (const { segment, ...size } of numbers.segments) {
      customers.set({ segment }, size.customers);
      share.set({ segment }, size.share ?? 0);
    }
    this.showMoney(numbers);
  }

  private showMoney({ revenue, averageChecks }: OverviewNumbers): void {
    const gauges = this.gauges;
    // Without sales in the window a currency has no row: back to zero, not stuck at its last value.
    for (const gauge of [gauges.revenue, gauges.repeatRevenue, gauges.averageCheck]) {
      for (const currency of this.currencies) gauge.set({ currency }, 0);
    }
    for (const { currency, revenueMinor, repeatRevenueMinor } of revenue) {
      this.currencies.add(currency);
      gauges.revenue.set({ currency }, revenueMinor);
      gauges.repeatRevenue.set({ currency }, repeatRevenueMinor);
    }
    for (const { currency, averageCheckMinor } of averageChecks) {
      gauges.averageCheck.set({ currency }, averageCheckMinor ?? 0);
    }
  }
}
