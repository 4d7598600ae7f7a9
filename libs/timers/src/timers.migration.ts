import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TimersInit1764000000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table timers (
        id bigint generated always as identity,
        kind text not null,
        key text not null,
        due_at timestamptz not null,
        data jsonb not null,
        leased_until timestamptz,
        attempts integer not null default 0,
        last_error text,
        constraint timers_pkey primary key (id),
        constraint timers_kind_key unique (kind, key)
      )`);
    await runner.query(`create index timers_kind_due_at on timers (kind, due_at)`);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

export const timersMigrations = [TimersInit1764000000300];
