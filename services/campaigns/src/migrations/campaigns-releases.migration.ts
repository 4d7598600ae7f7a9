import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a campaign released of its backlog on which day, where a merge stands among events, and whom a pause keeps. */
export class CampaignsReleases1764000000700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table campaigns
        add released_day date,
        add released_count integer not null default 0`);
    await runner.query(`
      alter table customers
        add merge_epoch bigint not null default -1,
        add merge_sequence bigint not null default -1`);
    await runner.query(`
      create index touches_paused on touches (campaign_id)
      where state = 'deferred' and reason = 'campaign-paused'`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}
