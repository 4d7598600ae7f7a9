import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MessagingInit1764000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table consumer_positions (
        consumer text not null,
        topic text not null,
        partition integer not null,
        next_offset bigint not null,
        dead_in_row integer not null default 0,
        updated_at timestamptz not null default now(),
        constraint consumer_positions_pkey primary key (consumer, topic, partition)
      )`);
    await runner.query(`
      create table consumer_counters (
        consumer text not null,
        topic text not null,
        partition integer not null,
        outcome text not null,
        count bigint not null,
        constraint consumer_counters_pkey primary key (consumer, topic, partition, outcome)
      )`);
    await runner.query(`
      create table dead_letters (
        id bigint generated always as identity,
        consumer text not null,
        topic text not null,
        partition integer not null,
        "offset" bigint not null,
        key bytea,
        value bytea,
        headers jsonb not null,
        reason text not null,
        error_text text not null,
        attempts integer not null,
        first_failed_at timestamptz not null,
        last_failed_at timestamptz not null,
        state text not null,
        settled_at timestamptz,
        settled_by text,
        constraint dead_letters_pkey primary key (id),
        constraint dead_letters_origin unique (consumer, topic, partition, "offset")
      )`);
    await runner.query(`create index dead_letters_state on dead_letters (state, id)`);
    await runner.query(
      `create index dead_letters_open on dead_letters (consumer, topic, key) where state in ('dead', 'parked')`,
    );
    await runner.query(`
      create table consumer_brakes (
        consumer text not null,
        reason text not null,
        set_at timestamptz not null default now(),
        constraint consumer_brakes_pkey primary key (consumer)
      )`);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

export const messagingMigrations = [MessagingInit1764000000100];
