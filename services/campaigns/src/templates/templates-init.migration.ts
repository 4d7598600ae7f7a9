import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CampaignsTemplatesInit1764000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table template_versions (
        key text not null,
        version integer not null,
        title text not null,
        contents jsonb not null,
        created_at timestamptz not null,
        constraint template_versions_pk primary key (key, version),
        constraint template_versions_version_positive check (version > 0)
      )`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
