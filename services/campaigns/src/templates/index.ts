import { TemplateVersion } from './template-version.entity.js';
import { CampaignsTemplatesInit1764000000100 } from './templates-init.migration.js';

export * from './template.js';
export { renderTemplate } from './render-template.js';
export { templateStore } from './template.store.js';
export { builtInTemplates } from './built-in-templates.js';

export const templateEntities = [TemplateVersion];
export const templateMigrations = [CampaignsTemplatesInit1764000000100];
export { TemplatesModule } from './templates.module.js';
