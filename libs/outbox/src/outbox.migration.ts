import type { MigrationInterface, QueryRunner } from 'typeorm';

export class OutboxInit1764000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // CACHE 1: a larger cache hands blocks of numbers to sessions, and the later writer may draw the lower number.
    await runner.query(`
      create table outbox (
        sequence bigint generated always as identity (cache 1),
        epoch bigint not null,
        id uuid not null,
        topic text not null,
        key bytea,
        type text not null,
        version integer not null,
        trace text,
        value bytea,
        extra_headers jsonb,
        created_at timestamptz not null default now(),
        constraint outbox_pkey primary key (sequence)
      )`);
    // Rows live for milliseconds; vacuum early, or every read wades through the dead ones.
    await runner.query(`
      alter table outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)`);
    await runner.query(`
      create table outbox_refused (
        sequence bigint not null,
        epoch bigint not null,
        id uuid not null,
        topic text not null,
        key bytea,
        type text not null,
        reason text not null,
        refused_at timestamptz not null default now(),
        constraint outbox_refused_pkey primary key (sequence)
      )`);
    // Sequences have gaps, so rows are counted. A row per connection: whoever writes waits for nobody, and as few pages as
    // can be are touched.
    await runner.query(`
      create table outbox_counts (
        backend integer not null,
        written bigint not null default 0,
        acknowledged bigint not null default 0,
        constraint outbox_counts_pkey primary key (backend)
      ) with (fillfactor = 20)`);
    await runner.query(`insert into outbox_counts (backend) values (0)`);
    await runner.query(`
      create table outbox_epoch (
        one_row boolean not null default true,
        epoch bigint not null,
        timeline text,
        restored_at timestamptz,
        constraint outbox_epoch_pkey primary key (one_row),
        constraint outbox_epoch_one_row check (one_row)
      )`);
    await runner.query(`insert into outbox_epoch (epoch) values (0)`);
    await runner.query(`
      create table inbox (
        consumer text not null,
        stream text not null,
        key text not null,
        epoch bigint not null,
        sequence bigint not null,
        constraint inbox_pkey primary key (consumer, stream, key)
      )`);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

export const outboxMigrations = [OutboxInit1764000000200];
