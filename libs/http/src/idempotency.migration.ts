import type { MigrationInterface, QueryRunner } from 'typeorm';

export class HttpInit1764000000001 implements MigrationInterface {
  name = 'HttpInit1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table idempotency_keys (
        api_key_id text not null,
        key text not null,
        fingerprint text not null,
        status smallint not null,
        headers jsonb not null,
        body text not null,
        expires_at timestamptz not null,
        constraint idempotency_keys_pkey primary key (api_key_id, key)
      )`);
    await runner.query(`create index idempotency_keys_expires_at on idempotency_keys (expires_at)`);
  }

  down(): Promise<void> {
    throw new Error('Forward only: restore a backup to go back.');
  }
}
