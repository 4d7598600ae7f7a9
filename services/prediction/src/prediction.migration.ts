import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PredictionInit1764000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The row that is locked before anything of a customer changes, and what remains of him after erasure.
    await runner.query(`
      create table customers (
        id uuid not null,
        purchase_epoch bigint not null default 0,
        purchase_sequence bigint not null default 0,
        erased_at timestamptz,
        constraint customers_pkey primary key (id)
      )`);
    await runner.query(`
      create table ledger_orders (
        customer_id uuid not null,
        source text not null,
        order_id text not null,
        epoch bigint not null,
        revision integer not null,
        purchase_id uuid not null,
        purchase_day date,
        total_minor bigint not null,
        currency text not null,
        items jsonb not null,
        imported boolean not null,
        constraint ledger_orders_pkey primary key (customer_id, source, order_id)
      )`);
    await runner.query(`
      create table forecasts (
        customer_id uuid not null,
        purchase_count integer not null,
        last_purchase_day date not null,
        contact_day date not null,
        lost_day date not null,
        published_day date not null,
        forecast jsonb not null,
        constraint forecasts_pkey primary key (customer_id)
      )`);
    // lost_day last: the list of who is overdue leaves out the lost without visiting their rows.
    await runner.query(`
      create index forecasts_contact on forecasts (contact_day, customer_id, lost_day)`);
    await runner.query(`
      create table models (
        version text not null,
        engine text not null,
        basis text not null,
        parameters jsonb not null,
        fitted_as_of date not null,
        customers integer not null,
        repeat_customers integer not null,
        purchase_days bigint not null,
        active boolean not null,
        created_at timestamptz not null,
        constraint models_pkey primary key (version)
      )`);
    await runner.query(`create unique index models_one_active on models (active) where active`);
    await runner.query(`
      create table stated_cycles (
        scope text not null,
        code text not null,
        days integer not null,
        constraint stated_cycles_pkey primary key (scope, code),
        constraint stated_cycles_scope check (scope in ('all', 'category', 'product')),
        constraint stated_cycles_days check (days between 1 and 3650)
      )`);
    await runner.query(`
      create table products (
        product_id text not null,
        stated_cycle_days integer,
        consumed_in_days integer,
        epoch bigint not null,
        sequence bigint not null,
        constraint products_pkey primary key (product_id)
      )`);
    await runner.query(`
      create table rescorings (
        id uuid not null,
        model_version text not null,
        as_of_day date not null,
        state text not null,
        last_customer_id uuid,
        customers integer not null default 0,
        changed integer not null default 0,
        requested_at timestamptz not null,
        finished_at timestamptz,
        constraint rescorings_pkey primary key (id),
        constraint rescorings_state check (state in ('running', 'done', 'superseded'))
      )`);
    await runner.query(`
      create index rescorings_running on rescorings (id) where state = 'running'`);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

export class PredictionGate1764000001001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // What an earlier engine fitted was never judged, and its parameters say nothing to this one.
    await runner.query(`delete from models`);
    await runner.query(`
      alter table models
        add column gate jsonb not null,
        add column number integer not null,
        add column failures integer not null`);
    await runner.query(`
      alter table rescorings
        add column fit_pending boolean not null default false,
        add column attempts integer not null default 0,
        add column failure text,
        add column next_attempt_at timestamptz`);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

export class PredictionRecord1764000001002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table live_records (
        model_version text not null,
        purchase_day date not null,
        judged integer not null,
        with_date integer not null,
        within_14_days integer not null,
        baseline_within_14_days integer not null,
        with_window integer not null,
        inside_window integer not null,
        constraint live_records_pkey primary key (model_version, purchase_day)
      )`);
    await runner.query(`
      create table category_forecasts (
        customer_id uuid not null,
        category text not null,
        contact_day date not null,
        lost_day date not null,
        constraint category_forecasts_pkey primary key (customer_id, category)
      )`);
    await runner.query(`
      create index category_forecasts_contact
        on category_forecasts (category, contact_day, customer_id, lost_day)`);
    await runner.query(`
      insert into category_forecasts (customer_id, category, contact_day, lost_day)
      select customer_id, within ->> 'category',
             coalesce(within ->> 'dueDay', within ->> 'remindDay', within ->> 'lastPurchaseDay')::date,
             (within ->> 'lostDay')::date
      from forecasts, jsonb_array_elements(forecast -> 'categories') as within`);
    await runner.query(`
      create table backtests (
        id uuid not null,
        as_of_day date not null,
        state text not null,
        done integer not null default 0,
        "of" integer not null default 0,
        report jsonb,
        failure text,
        requested_at timestamptz not null,
        finished_at timestamptz,
        constraint backtests_pkey primary key (id),
        constraint backtests_state check (state in ('running', 'done', 'failed'))
      )`);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

export class PredictionState1764000001003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // No backfill: a customer without a state is folded from his ledger when something next asks for it.
    await runner.query(`alter table customers add column state jsonb`);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
