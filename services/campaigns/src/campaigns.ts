import type { ServiceDefinition } from '@regulars/service';
import { campaignsEntities } from './campaigns.entities.js';
import { CampaignsModule } from './campaigns.module.js';
import { CampaignsInit1764000000600 } from './migrations/campaigns-init.migration.js';
import { CampaignsReleases1764000000700 } from './migrations/campaigns-releases.migration.js';
import { ReadBack } from './read-back/read-back.use-case.js';
import { templateEntities, templateMigrations } from './templates/index.js';
import { touchBalances } from './touches/touch-balance.store.js';

export const campaigns: ServiceDefinition = {
  name: 'campaigns',
  module: CampaignsModule,
  beforeWork: ReadBack,
  // What became of touches: reports are all that reads it.
  publishEveryMs: 200,
  balances: touchBalances,
  entities: [...campaignsEntities, ...templateEntities],
  migrations: [CampaignsInit1764000000600, CampaignsReleases1764000000700, ...templateMigrations],
};
