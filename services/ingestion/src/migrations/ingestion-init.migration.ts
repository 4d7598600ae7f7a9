import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IngestionInit1764000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table customers (
        id uuid constraint customers_pkey primary key,
        kind text not null constraint customers_kind check (kind in ('person', 'company')),
        name text,
        phone text,
        email text,
        messengers jsonb not null,
        social_profiles jsonb not null,
        preferred_channel text,
        language text,
        time_zone text,
        important_dates jsonb not null,
        attributes jsonb not null,
        notes text,
        acquisition_source text,
        referred_by uuid,
        imported boolean not null,
        registered_at timestamptz not null,
        erased_at timestamptz
      )`);
    await runner.query(`
      create table identities (
        kind text not null constraint identities_kind check (kind in ('phone', 'email', 'external')),
        value text not null,
        customer_id uuid not null constraint identities_customer_id_fkey references customers (id),
        added_at timestamptz not null,
        constraint identities_pkey primary key (kind, value)
      )`);
    await runner.query(`create index identities_customer_id_idx on identities (customer_id)`);
    await runner.query(`
      create table identity_conflicts (
        customer_id uuid not null,
        other_customer_id uuid not null,
        kind text not null,
        times integer not null,
        first_at timestamptz not null,
        last_at timestamptz not null,
        constraint identity_conflicts_pkey primary key (customer_id, other_customer_id, kind)
      )`);
    await runner.query(`
      create table consents (
        customer_id uuid not null constraint consents_customer_id_fkey references customers (id),
        channel text not null,
        purpose text not null,
        state text not null constraint consents_state check (state in ('granted', 'withdrawn')),
        changed_at timestamptz not null,
        constraint consents_pkey primary key (customer_id, channel, purpose)
      )`);
    await runner.query(`
      create table consent_records (
        id uuid constraint consent_records_pkey primary key,
        customer_id uuid not null constraint consent_records_customer_id_fkey references customers (id),
        channel text not null,
        purpose text not null,
        state text not null constraint consent_records_state check (state in ('granted', 'withdrawn')),
        wording text,
        evidence text,
        origin text not null constraint consent_records_origin check (origin in ('api', 'stop')),
        changed_at timestamptz not null,
        recorded_at timestamptz not null,
        constraint consent_records_statement_key unique (customer_id, channel, purpose, changed_at, state)
      )`);
    await runner.query(`
      create table products (
        id text constraint products_pkey primary key,
        titles jsonb not null,
        category text,
        brand text,
        goes_with jsonb not null,
        upgrade_of text,
        consumed_in_days integer,
        stated_cycle_days integer,
        changed_at timestamptz
      )`);
    await runner.query(`
      create table purchases (
        id uuid constraint purchases_pkey primary key,
        customer_id uuid not null,
        source text not null,
        order_id text not null,
        revision integer not null,
        purchase_day date not null,
        purchased_at timestamptz not null,
        time_zone text not null,
        currency text not null,
        total_minor bigint not null,
        refunded_minor bigint not null,
        lines jsonb not null,
        imported boolean not null,
        identity_conflicts text[] not null,
        first_content bytea not null,
        recorded_at timestamptz not null,
        removed_at timestamptz,
        constraint purchases_source_order_id_key unique (source, order_id),
        constraint purchases_amounts check (total_minor >= 0 and refunded_minor >= 0)
      )`);
    await runner.query(`create index purchases_customer_id_idx on purchases (customer_id, id)`);
    await runner.query(`
      create table refunds (
        id uuid constraint refunds_pkey primary key,
        purchase_id uuid not null constraint refunds_purchase_id_fkey references purchases (id),
        refund_id text not null,
        amount_minor bigint not null constraint refunds_amount check (amount_minor >= 0),
        reason text,
        content bytea not null,
        refunded_at timestamptz not null,
        recorded_at timestamptz not null,
        constraint refunds_purchase_id_refund_id_key unique (purchase_id, refund_id)
      )`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only; restore a backup instead.'));
  }
}
