import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MetricsInit1764000001500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...ledger, ...totals, ...record]) await runner.query(statement);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

const ledger = [
  `create table customers (
     customer_id uuid not null,
     erased_day date,
     merged_day date,
     merge_epoch bigint,
     merge_sequence bigint,
     constraint customers_pkey primary key (customer_id)
   )`,
  `create table orders (
     customer_id uuid not null,
     order_key uuid not null,
     epoch bigint not null,
     revision integer not null,
     purchase_day date,
     purchased_at timestamptz not null,
     currency text not null,
     total_minor bigint not null,
     constraint orders_pkey primary key (customer_id, order_key)
   )`,
  `create table segment_events (
     customer_id uuid not null,
     epoch bigint not null,
     sequence bigint not null,
     day date not null,
     series text not null,
     cause text not null,
     constraint segment_events_pkey primary key (customer_id, epoch, sequence)
   )`,
  `create table touches (
     customer_id uuid not null,
     touch_id uuid not null,
     epoch bigint not null,
     sequence bigint not null,
     day date not null,
     channel text not null,
     campaign_id uuid not null,
     outcome text not null,
     detail text not null,
     reached_at timestamptz,
     constraint touches_pkey primary key (customer_id, touch_id)
   )`,
];

const totals = [
  `create table purchase_totals (
     period text not null,
     segment text not null,
     period_start date not null,
     buyers bigint not null,
     returning_buyers bigint not null,
     purchase_days bigint not null,
     repeat_days bigint not null,
     first_days bigint not null,
     second_days bigint not null,
     gap_days bigint not null,
     constraint purchase_totals_pkey primary key (period, segment, period_start)
   )`,
  `create table revenue_totals (
     period text not null,
     segment text not null,
     period_start date not null,
     currency text not null,
     orders bigint not null,
     repeat_orders bigint not null,
     revenue_minor bigint not null,
     repeat_revenue_minor bigint not null,
     constraint revenue_totals_pkey primary key (period, segment, period_start, currency)
   )`,
  `create table membership_deltas (
     day date not null,
     series text not null,
     delta bigint not null,
     constraint membership_deltas_pkey primary key (day, series)
   )`,
  `create table touch_totals (
     day date not null,
     channel text not null,
     campaign_id uuid not null,
     outcome text not null,
     detail text not null,
     touches bigint not null,
     constraint touch_totals_pkey primary key (day, channel, campaign_id, outcome, detail)
   )`,
  `create table touch_purchases (
     day date not null,
     channel text not null,
     campaign_id uuid not null,
     currency text not null,
     purchases bigint not null,
     revenue_minor bigint not null,
     constraint touch_purchases_pkey primary key (day, channel, campaign_id, currency)
   )`,
];

const record = [
  `create table forecast_records (
     customer_id uuid not null,
     purchase_id uuid not null,
     epoch bigint not null,
     sequence bigint not null,
     purchase_day date not null,
     inside_window boolean,
     window_probability double precision,
     error_days integer,
     baseline_error_days integer,
     constraint forecast_records_pkey primary key (customer_id, purchase_id)
   )`,
  `create index forecast_records_day on forecast_records (purchase_day)`,
];
