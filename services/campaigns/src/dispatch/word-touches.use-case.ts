import type { Channel } from '@regulars/contracts';
import { dayOf } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import type { KnownCustomer } from '../guardrails/known-customer.js';
import type { SkipReason } from '../guardrails/reasons.js';
import { makeOffer } from '../offers/make-offer.use-case.js';
import { expiryOf, type Offer } from '../offers/offer.js';
import { offerStore } from '../offers/offer.store.js';
import { renderTemplate } from '../templates/render-template.js';
import { templateStore } from '../templates/template.store.js';
import { templateVersionCode, type RenderedMessage, type Template } from '../templates/template.js';
import type { Touch } from '../touches/touch.js';
import { templateFacts, type OfferWords } from './words.js';

export interface Allowed {
  readonly touch: Touch;
  readonly customer: KnownCustomer;
  readonly channel: Channel;
}

export interface Worded extends Allowed {
  readonly message: RenderedMessage;
  readonly templateUsed: string;
}

export type Wording = Worded | (Allowed & { readonly refused: SkipReason });

/** Finds the words of touches that may leave, and ticks their offers: the last thing that can still stop one. */
export async function wordTouches(
  tx: Transaction,
  allowed: readonly Allowed[],
  companyName: string,
): Promise<Wording[]> {
  const templates = await templatesOf(tx, allowed);
  const offers = await offerStore(tx).find(allowed.flatMap(({ touch }) => touch.offerId ?? []));
  const now = tx.clock.now();
  const wordings: Wording[] = [];
  for (const item of allowed) {
    const { touch, customer, channel } = item;
    const template = templates.get(templateName(touch));
    const offer = offers.get(touch.offerId ?? '');
    const words = offer && offerWords(offer, now, customer.timeZone);
    const facts = templateFacts(touch, channel, customer, companyName, words, now);
    const rendered = template && patiently(() => renderTemplate(template, channel, facts));
    if (!template || !rendered?.ok) wordings.push({ ...item, refused: 'template-failed' });
    else if (offer && !(await makeOffer(tx, offer, touch)))
      wordings.push({ ...item, refused: 'offer-already-made' });
    else
      wordings.push({
        ...item,
        message: rendered.value,
        templateUsed: templateVersionCode(template),
      });
  }
  return wordings;
}

/** The limit on a render is wall time: a process that was held up for a moment must not cost a touch. */
function patiently(
  render: () => ReturnType<typeof renderTemplate>,
): ReturnType<typeof renderTemplate> {
  const first = render();
  return !first.ok && first.error.reason === 'limit-exceeded' ? render() : first;
}

async function templatesOf(
  tx: Transaction,
  allowed: readonly Allowed[],
): Promise<Map<string, Template>> {
  const found = new Map<string, Template>();
  const named = new Map(allowed.map(({ touch }) => [templateName(touch), touch]));
  for (const [name, touch] of named) {
    const key = touch.template ?? touch.directness;
    const template =
      touch.templateVersion === null
        ? await templateStore(tx).current(key)
        : await templateStore(tx).at(key, touch.templateVersion);
    if (template) found.set(name, template);
  }
  return found;
}

/** Without a template of its own a step uses the words of its directness. */
function templateName(touch: Touch): string {
  return `${touch.template ?? touch.directness}/${String(touch.templateVersion ?? 'current')}`;
}

function offerWords(offer: Offer, now: Date, timeZone: string): OfferWords {
  const expiresAt = expiryOf(offer, now);
  return {
    title: offer.title,
    ...(offer.terms === null ? {} : { terms: offer.terms }),
    ...(expiresAt ? { until: dayOf(expiresAt, timeZone) } : {}),
  };
}
