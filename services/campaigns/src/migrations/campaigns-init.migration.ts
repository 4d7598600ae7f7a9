import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CampaignsInit1764000000600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...customerTables, ...campaignTables, ...touchTables, ...talkTables])
      await runner.query(statement);
    await runner.query(conversations);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

const customerTables = [
  `create table customers (
    id uuid not null,
    kind text,
    consents jsonb not null,
    consent_epoch bigint not null,
    consent_sequence bigint not null,
    segment text,
    lost_kind text,
    segment_epoch bigint not null,
    segment_sequence bigint not null,
    purchase_epoch bigint not null,
    purchase_sequence bigint not null,
    merged_into uuid,
    erased_at timestamptz,
    constraint customers_pkey primary key (id)
  )`,
  `create table profiles (
    customer_id uuid not null,
    name text,
    phone text,
    email text,
    preferred_channel text,
    language text,
    time_zone text,
    epoch bigint not null,
    sequence bigint not null,
    constraint profiles_pkey primary key (customer_id)
  )`,
  `create table purchases (
    customer_id uuid not null,
    source text not null,
    order_id text not null,
    purchase_id uuid not null,
    purchase_day date not null,
    epoch bigint not null,
    revision integer not null,
    imported boolean not null,
    counts boolean not null,
    constraint purchases_pkey primary key (customer_id, source, order_id)
  )`,
  `create table forecasts (
    customer_id uuid not null,
    epoch bigint not null,
    sequence bigint not null,
    based_on_epoch bigint not null,
    based_on_sequence bigint not null,
    standing boolean not null,
    last_purchase_day date,
    cycle uuid,
    cycle_days double precision,
    due_day date,
    remind_day date,
    contact_day date,
    lost_day date,
    imported boolean not null,
    basis text,
    expected_value_minor bigint,
    currency text,
    model_version text,
    constraint forecasts_pkey primary key (customer_id)
  )`,
  `create index forecasts_contact_day on forecasts (contact_day)`,
];

const campaignTables = [
  `create table campaigns (
    id uuid not null,
    state text not null,
    version integer not null,
    created_at timestamptz not null,
    started_at timestamptz,
    scan_state text not null,
    constraint campaigns_pkey primary key (id)
  )`,
  `create table campaign_versions (
    campaign_id uuid not null,
    version integer not null,
    definition jsonb not null,
    created_at timestamptz not null,
    constraint campaign_versions_pkey primary key (campaign_id, version)
  )`,
  `create table enrolments (
    id uuid not null,
    campaign_id uuid not null,
    campaign_version integer not null,
    customer_id uuid not null,
    cycle uuid not null,
    state text not null,
    end_reason text,
    trigger_day date not null,
    last_purchase_day date not null,
    lead_days integer not null,
    released boolean not null,
    money_at_risk_minor bigint not null,
    segment text,
    forecast_model_version text,
    forecast_epoch bigint,
    forecast_sequence bigint,
    created_at timestamptz not null,
    ended_at timestamptz,
    constraint enrolments_pkey primary key (id),
    constraint enrolments_once unique (customer_id, campaign_id, cycle)
  )`,
  `create index enrolments_backlog on enrolments (campaign_id, state, money_at_risk_minor)`,
];

const touchTables = [
  `create table touches (
    id uuid not null,
    customer_id uuid not null,
    campaign_id uuid not null,
    campaign_version integer not null,
    enrolment_id uuid not null,
    step integer not null,
    cycle uuid not null,
    directness text not null,
    channel text not null,
    channels text[] not null,
    due_at timestamptz not null,
    expires_at timestamptz not null,
    state text not null,
    reason text not null,
    template text,
    template_version integer,
    template_used text,
    offer_id uuid,
    agreement_id uuid,
    segment text,
    forecast_model_version text,
    forecast_epoch bigint,
    forecast_sequence bigint,
    attempts integer not null,
    ready_at timestamptz,
    leased_until timestamptz,
    sent_at timestamptz,
    provider_reference text,
    answer text,
    created_at timestamptz not null,
    constraint touches_pkey primary key (id),
    constraint touches_once unique (customer_id, campaign_id, step, cycle)
  )`,
  `create index touches_enrolment on touches (enrolment_id)`,
  `create index touches_due on touches (due_at, id)`,
  `create index touches_customer_sent on touches (customer_id, sent_at)`,
  `create index touches_ready on touches (ready_at) where ready_at is not null`,
  `create index touches_sending on touches (leased_until) where state = 'sending'`,
  `create table touch_changes (
    id bigint generated always as identity,
    touch_id uuid not null,
    customer_id uuid not null,
    at timestamptz not null,
    state text not null,
    reason text not null,
    channel text not null,
    until timestamptz,
    constraint touch_changes_pkey primary key (id)
  )`,
  `create index touch_changes_touch on touch_changes (touch_id, id)`,
  `create table touch_messages (
    touch_id uuid not null,
    customer_id uuid not null,
    channel text not null,
    subject text,
    text text not null,
    html text,
    json jsonb,
    stored_at timestamptz not null,
    constraint touch_messages_pkey primary key (touch_id)
  )`,
  `create index touch_messages_customer on touch_messages (customer_id)`,
];

const talkTables = [
  `create table tasks (
    id uuid not null,
    customer_id uuid not null,
    touch_id uuid,
    kind text not null,
    script text not null,
    due_at timestamptz not null,
    state text not null,
    attempt integer not null,
    outcome text,
    outcome_by text,
    note text,
    created_at timestamptz not null,
    done_at timestamptz,
    constraint tasks_pkey primary key (id)
  )`,
  `create index tasks_open on tasks (state, due_at, id)`,
  `create index tasks_customer on tasks (customer_id)`,
  `create index tasks_touch on tasks (touch_id)`,
  `create table answers (
    id uuid not null,
    customer_id uuid not null,
    touch_id uuid not null,
    answer text not null,
    reason text,
    note text,
    answered_at timestamptz not null,
    constraint answers_pkey primary key (id)
  )`,
  `create index answers_touch on answers (touch_id, id)`,
  `create index answers_customer on answers (customer_id)`,
  `create table agreements (
    id uuid not null,
    customer_id uuid not null,
    touch_id uuid not null,
    day date not null,
    hour integer not null,
    who_acts text not null,
    state text not null,
    made_at timestamptz not null,
    due_at timestamptz not null,
    settled_at timestamptz,
    constraint agreements_pkey primary key (id)
  )`,
  `create unique index agreements_open on agreements (customer_id) where state = 'open'`,
  `create index agreements_customer on agreements (customer_id)`,
  `create table suppressions (
    id uuid not null,
    customer_id uuid not null,
    reason text not null,
    from_at timestamptz not null,
    settled_at timestamptz,
    constraint suppressions_pkey primary key (id)
  )`,
  `create index suppressions_customer on suppressions (customer_id)`,
  `create table offers (
    id uuid not null,
    code text not null,
    title text not null,
    terms text,
    rule text not null,
    every_days integer,
    valid_days integer,
    created_at timestamptz not null,
    constraint offers_pkey primary key (id),
    constraint offers_code unique (code)
  )`,
  `create table offer_ledger (
    id uuid not null,
    offer_id uuid not null,
    customer_id uuid not null,
    slot text not null,
    touch_id uuid not null,
    campaign_id uuid not null,
    cycle uuid not null,
    made_at timestamptz not null,
    expires_at timestamptz,
    constraint offer_ledger_pkey primary key (id),
    constraint offer_ledger_once unique (offer_id, customer_id, slot)
  )`,
  `create index offer_ledger_customer on offer_ledger (customer_id)`,
];

/** The built-in campaign behind agreements and answers that came by themselves. */
const conversations = `
  with built_in as (
    insert into campaigns (id, state, version, created_at, scan_state)
    values ('00000000-0000-7000-8000-000000000001', 'built-in', 1, '2026-01-01T00:00:00Z', 'none')
    returning id)
  insert into campaign_versions (campaign_id, version, created_at, definition)
  select id, 1, '2026-01-01T00:00:00Z', '{"name": "Conversations", "purpose": "marketing"}' from built_in`;
