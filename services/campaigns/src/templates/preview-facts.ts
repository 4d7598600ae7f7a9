import type { Channel } from '@regulars/contracts';
import type { TemplateFacts } from './template.js';

/** An invented customer, so that a template can be read before there is a real one. */
export function previewFacts(
  channel: Channel,
  customerName = 'Ada',
  productTitle = 'Coffee beans',
): TemplateFacts {
  return {
    customer: { id: '00000000-0000-7000-8000-000000000001', name: customerName },
    company: { name: 'Your company' },
    daysSinceLastPurchase: 76,
    cycleDays: 90,
    dueDay: '2026-06-14',
    lastPurchaseDay: '2026-03-16',
    product: { id: 'example-product', title: productTitle, category: 'example' },
    offer: { title: 'An example offer', terms: 'example terms', until: '2026-06-21' },
    links: {
      stop: 'https://example.org/u/example',
      later: 'https://example.org/u/example-later',
      offer: 'https://example.org/example-offer',
    },
    touch: { id: '00000000-0000-7000-8000-000000000002', channel },
  };
}
