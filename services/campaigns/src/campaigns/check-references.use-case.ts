import type { Channel } from '@regulars/contracts';
import type { Transaction } from '@regulars/persistence';
import { offerStore } from '../offers/offer.store.js';
import { templateStore } from '../templates/template.store.js';
import type { CampaignDefinition, LadderStep } from './campaign.js';
import type { DefinitionProblem } from './check-definition.js';

/** Templates and offers that a ladder names must be there, with words for every channel of their step. */
export async function checkReferences(
  tx: Transaction,
  { ladder }: CampaignDefinition,
): Promise<DefinitionProblem[]> {
  const offers = await offerStore(tx).find(ladder.flatMap(({ offerId }) => offerId ?? []));
  const problems: DefinitionProblem[] = [];
  for (const [index, step] of ladder.entries()) {
    const pointer = `/ladder/${String(index)}`;
    problems.push(...(await templateProblems(tx, step, `${pointer}/template`)));
    if (step.offerId !== undefined && !offers.has(step.offerId)) {
      const message = 'There is no such offer.';
      problems.push({ pointer: `${pointer}/offerId`, code: 'no-such-offer', message });
    }
  }
  return problems;
}

async function templateProblems(
  tx: Transaction,
  step: LadderStep,
  pointer: string,
): Promise<DefinitionProblem[]> {
  const key = step.template ?? step.directness;
  const template =
    step.templateVersion === undefined
      ? await templateStore(tx).current(key)
      : await templateStore(tx).at(key, step.templateVersion);
  if (!template)
    return [{ pointer, code: 'no-such-template', message: `There is no template ${key}.` }];
  const channels = [step.channel, ...step.fallbacks].filter(
    (channel): channel is Channel => channel !== 'preferred',
  );
  return channels
    .filter((channel) => template.contents[channel] === undefined)
    .map((channel) => ({
      pointer,
      code: 'template-lacks-channel',
      message: `Template ${key} has no words for ${channel}.`,
    }));
}
