import type { CampaignBody } from './campaign-request.dto.js';
import type { DefinitionProblem } from './check-definition.js';

/** What a request says twice: a definition holds one of them, and nothing is dropped in silence. */
export function checkBody({ ladder }: CampaignBody): DefinitionProblem[] {
  return (ladder ?? []).flatMap(({ day, leadShare }, index) => {
    if (day === undefined || leadShare === undefined) return [];
    const message = 'A step has `day` or `leadShare`, not both.';
    return [{ pointer: `/ladder/${String(index)}/leadShare`, code: 'two-days', message }];
  });
}
