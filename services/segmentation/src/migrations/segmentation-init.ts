import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SegmentationInit1764000001300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table customers (
        customer_id uuid not null,
        registered_at timestamptz,
        merged_into uuid,
        merge_epoch bigint,
        merge_sequence bigint,
        erased_at timestamptz,
        constraint customers_pkey primary key (customer_id)
      )`);
    await runner.query(`
      create table orders (
        customer_id uuid not null,
        source text not null,
        order_id text not null,
        epoch bigint not null,
        revision integer not null,
        purchase_day date,
        currency text not null,
        total_minor bigint not null,
        constraint orders_pkey primary key (customer_id, source, order_id)
      )`);
    await runner.query(`
      create table forecasts (
        customer_id uuid not null,
        epoch bigint not null,
        sequence bigint not null,
        based_on_epoch bigint not null,
        based_on_sequence bigint not null,
        facts jsonb not null,
        constraint forecasts_pkey primary key (customer_id)
      )`);
    await runner.query(`
      create table memberships (
        customer_id uuid not null,
        segment text not null,
        lost_kind text,
        since_day date not null,
        cause text not null,
        inputs jsonb not null,
        model_version text,
        constraint memberships_pkey primary key (customer_id)
      )`);
    await runner.query(`create index memberships_segment on memberships (segment, customer_id)`);
    await runner.query(`
      create table segment_changes (
        id uuid not null,
        customer_id uuid not null,
        from_segment text,
        to_segment text not null,
        lost_kind text,
        cause text not null,
        day date not null,
        decided_at timestamptz not null,
        inputs jsonb not null,
        model_version text,
        constraint segment_changes_pkey primary key (id)
      )`);
    await runner.query(
      `create index segment_changes_customer on segment_changes (customer_id, id)`,
    );
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
