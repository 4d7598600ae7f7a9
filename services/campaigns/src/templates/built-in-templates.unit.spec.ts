import { describe, expect, it } from '@jest/globals';
import { builtInTemplates } from './built-in-templates.js';
import { previewFacts } from './preview-facts.js';
import { renderTemplate } from './render-template.js';
import type { RenderedMessage, TemplateFacts } from './template.js';

const channels = ['email', 'task', 'webhook'] as const;
const cases = [...builtInTemplates.values()].flatMap((template) =>
  channels.map((channel) => ({ name: `${template.key} by ${channel}`, template, channel })),
);

/** Nothing but what is always known. */
function fewestFacts(channel: (typeof channels)[number]): TemplateFacts {
  const { customer, company, touch } = previewFacts(channel);
  return { customer: { id: customer.id }, company, touch };
}

function rendered(
  key: string,
  channel: (typeof channels)[number],
  facts: TemplateFacts,
): RenderedMessage {
  const template = builtInTemplates.get(key);
  if (!template) throw new Error(`No template ${key}`);
  const message = renderTemplate(template, channel, facts);
  if (!message.ok) throw new Error(message.error.detail);
  return message.value;
}

describe('built-in templates', () => {
  it.each(cases)('$name reads well with all facts and with the fewest', ({ template, channel }) => {
    for (const facts of [previewFacts(channel), fewestFacts(channel)]) {
      const message = rendered(template.key, channel, facts);

      expect(message.text).not.toBe('');
      expect(`${message.subject ?? ''}${message.text}${message.html ?? ''}`).not.toMatch(
        /undefined|null|\{\{|\{%| {2}|\n{4}|,\.| \./,
      );
    }
  });

  it.each([...builtInTemplates.keys()])('%s by e-mail says who, why and how to stop', (key) => {
    const facts = previewFacts('email');
    const withLink = rendered(key, 'email', facts);
    const without = rendered(key, 'email', fewestFacts('email'));

    for (const part of [withLink.text, withLink.html]) {
      expect(part).toContain('Your company');
      expect(part).toMatch(/that is why we write/);
      expect(part).toContain(facts.links?.stop);
    }
    expect(without.text).toContain('Answer with the word "stop"');
  });

  it('sells nothing while it is only present', () => {
    expect(rendered('presence', 'email', previewFacts('email')).text).not.toMatch(/offer/i);
  });

  it('carries the touch in a webhook', () => {
    expect(rendered('reminder', 'webhook', previewFacts('webhook')).json).toEqual({
      directness: 'reminder',
      touchId: '00000000-0000-7000-8000-000000000002',
      customerId: '00000000-0000-7000-8000-000000000001',
      companyName: 'Your company',
      dueDay: '2026-06-14',
      lastPurchaseDay: '2026-03-16',
      daysSinceLastPurchase: 76,
      productId: 'example-product',
      offer: { title: 'An example offer', terms: 'example terms' },
      stopUrl: 'https://example.org/u/example',
    });
  });
});
