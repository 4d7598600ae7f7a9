import { describe, expect, it } from '@jest/globals';
import { err } from '@regulars/kernel';
import type { OutgoingMessage } from './channel.js';
import { composeEmail } from './email-message.js';

const from = { address: 'hello@shop.example', name: 'Corner Shop' };

function aMessage(over: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    sendKey: '01890000-0000-7000-8000-000000000001',
    to: { customerId: 'c', email: 'ada@example.org', name: 'Ada' },
    subject: 'Soon time again?',
    text: 'Hello Ada',
    ...over,
  };
}

async function mimeOf(message: OutgoingMessage): Promise<string> {
  const composed = await composeEmail(message, from);
  if (!composed.ok) throw new Error(composed.error);
  return composed.value.mime.toString('utf8');
}

describe('composeEmail', () => {
  it('takes the message id from the send key, so that a repeat is recognised', async () => {
    const mime = await mimeOf(aMessage());

    expect(mime).toContain('Message-ID: <01890000-0000-7000-8000-000000000001@shop.example>');
    expect(mime).toContain('From: Corner Shop <hello@shop.example>');
    expect(mime).toContain('To: Ada <ada@example.org>');
  });

  it('offers one-click unsubscribing only where a link works', async () => {
    const without = await mimeOf(aMessage());
    const withLink = await mimeOf(aMessage({ unsubscribeUrl: 'https://shop.example/u/abc' }));

    expect(without).not.toContain('List-Unsubscribe');
    expect(withLink).toContain('List-Unsubscribe: <https://shop.example/u/abc>');
    expect(withLink).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  });

  it.each([
    { subject: 'Hi\r\nBcc: all@example.org' },
    { subject: 'Hi\nthere' },
    { to: { customerId: 'c', email: 'ada@example.org', name: 'Ada\r\nBcc: x@example.org' } },
    { unsubscribeUrl: 'https://shop.example/u\r\nX: 1' },
  ])('refuses line breaks in headers: %j', async (over) => {
    expect(await composeEmail(aMessage(over), from)).toEqual(err('unsafe-content'));
  });

  it.each([
    'ada@example.org, eve@example.org',
    'Ada <ada@example.org>',
    'ada',
    'ada@exam ple.org',
    'ada@example.org\r\nRCPT TO:<eve@example.org>',
  ])('sends to one plain mailbox, not to %p', async (email) => {
    const message = aMessage({ to: { customerId: 'c', email } });

    expect(await composeEmail(message, from)).toEqual(err('address-refused'));
  });

  it('knows a customer without an address', async () => {
    expect(await composeEmail(aMessage({ to: { customerId: 'c' } }), from)).toEqual(
      err('no-address'),
    );
  });
});
