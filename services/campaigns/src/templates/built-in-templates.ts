import type { Template } from './template.js';

/*
 * Words to begin with, until the company writes its own under the same key. Each says who writes, why now,
 * and how to stop; none invents a hurry, a shortage or a friendship.
 */

const greeting = `Hello{% if customer.name %} {{ customer.name }}{% endif %},`;

const why = `{% if lastPurchaseDay %}You bought from us on {{ lastPurchaseDay | day }}, that is why we write.{% else %}You are a customer of ours, that is why we write.{% endif %}`;

const stop = `{% if links.stop %}No more messages like this? One click is enough: {{ links.stop }}{% else %}No more messages like this? Answer with the word "stop", and we will leave you in peace.{% endif %}`;

const goods = `{% if product.title %}{{ product.title }}{% else %}your next order{% endif %}`;

const offerText = `{% if offer %}
For you: {{ offer.title }}{% if offer.terms %} ({{ offer.terms }}){% endif %}{% if offer.until %}, until {{ offer.until | day }}{% endif %}.
{% endif %}`;

const laterText = `{% if links.later %}Not now? Tell us a better day: {{ links.later }}

{% endif %}`;

/** The same words as HTML: paragraphs only, so that they read well everywhere. */
function htmlOf(...paragraphs: string[]): string {
  const inner = paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('\n');
  return `<!doctype html>\n<html lang="en"><body>\n${inner}\n</body></html>\n`;
}

const offerHtml = `{% if offer %}For you: {{ offer.title }}{% if offer.terms %} ({{ offer.terms }}){% endif %}{% if offer.until %}, until {{ offer.until | day }}{% endif %}.{% endif %}`;
const laterHtml = `{% if links.later %}Not now? <a href="{{ links.later }}">Tell us a better day</a>.{% endif %}`;
const stopHtml = `<small>${why} {% if links.stop %}<a href="{{ links.stop }}">No more messages like this</a>{% else %}No more messages like this? Answer with the word &quot;stop&quot;, and we will leave you in peace.{% endif %}</small>`;

const person = `{% if customer.name %}{{ customer.name }}{% else %}the customer{% endif %}`;
const facts = `{% if lastPurchaseDay %}Last purchase: {{ lastPurchaseDay | day }}{% if daysSinceLastPurchase %} ({{ daysSinceLastPurchase }} days ago){% endif %}. {% endif %}{% if dueDay %}The need returns about {{ dueDay | day }}. {% endif %}{% if product.title %}Bought: {{ product.title }}. {% endif %}`;
const outcome = `Record what came of it: bought, yes, later (with the day), no (with the reason), stop, or not reached. "Stop" means stop: record it, thank them, and nobody calls again.`;

function webhookJson(directness: string): string {
  return `{
  "directness": "${directness}",
  "touchId": {{ touch.id }},
  "customerId": {{ customer.id }},
  "companyName": {{ company.name }}
  {% if dueDay %}, "dueDay": {{ dueDay }}{% endif %}
  {% if lastPurchaseDay %}, "lastPurchaseDay": {{ lastPurchaseDay }}{% endif %}
  {% if daysSinceLastPurchase %}, "daysSinceLastPurchase": {{ daysSinceLastPurchase }}{% endif %}
  {% if product %}, "productId": {{ product.id }}{% endif %}
  {% if offer %}, "offer": { "title": {{ offer.title }}{% if offer.terms %}, "terms": {{ offer.terms }}{% endif %} }{% endif %}
  {% if links.stop %}, "stopUrl": {{ links.stop }}{% endif %}
}`;
}

const presence: Template = {
  key: 'presence',
  version: 1,
  title: 'Presence: a useful word, nothing to buy',
  contents: {
    email: {
      subject: `A word from {{ company.name }}`,
      text: `${greeting}

how are you getting on with {% if product.title %}{{ product.title }}{% else %}what you bought{% endif %}? If anything is not as it should be, or you have a question, answer this message: a person reads it.

There is nothing to buy here.

{{ company.name }}

--
${why}
${stop}
`,
      html: htmlOf(
        greeting,
        `how are you getting on with {% if product.title %}{{ product.title }}{% else %}what you bought{% endif %}? If anything is not as it should be, or you have a question, answer this message: a person reads it.`,
        `There is nothing to buy here.`,
        `{{ company.name }}`,
        stopHtml,
      ),
    },
    task: {
      text: `Be seen by ${person}, without selling: a like, a greeting, a useful hint. ${facts}Don't mention offers. ${outcome}`,
    },
    webhook: { json: webhookJson('presence') },
  },
};

const reminder: Template = {
  key: 'reminder',
  version: 1,
  title: 'Reminder: the need is about to return',
  contents: {
    email: {
      subject: `{{ company.name }}: {% if product.title %}{{ product.title }}, soon time again?{% else %}soon time again?{% endif %}`,
      text: `${greeting}

going by your earlier purchases, you may soon need ${goods}{% if dueDay %}, around {{ dueDay | day }}{% endif %}. We thought you would rather hear it early than late.
${offerText}{% if links.offer %}
See what we have: {{ links.offer }}
{% endif %}
${laterText}{{ company.name }}

--
${why}
${stop}
`,
      html: htmlOf(
        greeting,
        `going by your earlier purchases, you may soon need ${goods}{% if dueDay %}, around {{ dueDay | day }}{% endif %}. We thought you would rather hear it early than late.`,
        `${offerHtml}{% if links.offer %} <a href="{{ links.offer }}">See what we have</a>.{% endif %}`,
        laterHtml,
        `{{ company.name }}`,
        stopHtml,
      ),
    },
    task: {
      text: `Remind ${person} that ${goods} will soon be needed. ${facts}Say who you are and why you call. Ask whether it is a good moment; if not, agree on a day. ${outcome}`,
    },
    webhook: { json: webhookJson('reminder') },
  },
};

const directOffer: Template = {
  key: 'direct-offer',
  version: 1,
  title: 'Direct offer: the day has come',
  contents: {
    email: {
      subject: `{{ company.name }}: shall we get {% if product.title %}{{ product.title }}{% else %}your order{% endif %} ready for you?`,
      text: `${greeting}

your usual time has come round. Shall we get ${goods} ready for you?
${offerText}
{% if links.offer %}Yes, please: {{ links.offer }}{% else %}Just answer "yes", and we do the rest.{% endif %}

${laterText}If you no longer need it, tell us why in a word: it helps us, and we stop asking.

{{ company.name }}

--
${why}
${stop}
`,
      html: htmlOf(
        greeting,
        `your usual time has come round. Shall we get ${goods} ready for you?`,
        offerHtml,
        `{% if links.offer %}<a href="{{ links.offer }}">Yes, please</a>{% else %}Just answer &quot;yes&quot;, and we do the rest.{% endif %}`,
        laterHtml,
        `If you no longer need it, tell us why in a word: it helps us, and we stop asking.`,
        `{{ company.name }}`,
        stopHtml,
      ),
    },
    task: {
      text: `Call ${person}: "Your time comes round, shall we get ${goods} ready for you?" ${facts}{% if offer %}You may offer: {{ offer.title }}{% if offer.terms %} ({{ offer.terms }}){% endif %}. {% endif %}Say who you are and why you call. One clear question, no pressure; a no is an answer, ask for the reason. ${outcome}`,
    },
    webhook: { json: webhookJson('direct-offer') },
  },
};

export const builtInTemplates: ReadonlyMap<string, Template> = new Map(
  [presence, reminder, directOffer].map((template) => [template.key, template]),
);
