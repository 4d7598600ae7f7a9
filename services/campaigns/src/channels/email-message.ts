import MailComposer from 'nodemailer/lib/mail-composer';
import { err, ok, type Result } from '@regulars/kernel';
import type { FailureReason, OutgoingMessage } from './channel.js';
import type { EmailConfig } from './channels.config.js';
import type { Envelope } from './smtp-session.client.js';

export interface EmailMessage {
  readonly messageId: string;
  readonly envelope: Envelope;
  readonly mime: Buffer;
}

// A line break in a header starts a new header: whoever controls the text would write our mail.
const CONTROL = /[\p{Cc}\u2028\u2029]/u;
// One mailbox: no list, no display name, no quoting tricks.
const ADDRESS = /^[^\s@<>()[\]\\,;:"]{1,64}@[^\s@<>()[\]\\,;:"]{1,253}$/;

/** The message as it goes over the wire. Its id comes from the send key, so every attempt carries the same. */
export async function composeEmail(
  message: OutgoingMessage,
  from: EmailConfig['from'],
): Promise<Result<EmailMessage, FailureReason>> {
  const { email: to, name = '' } = message.to;
  if (to === undefined || to === '') return err('no-address');
  if (!ADDRESS.test(to)) return err('address-refused');
  const headersText = [message.subject ?? '', name, from.name, message.unsubscribeUrl ?? ''];
  if (headersText.some((text) => CONTROL.test(text))) return err('unsafe-content');

  const messageId = `<${message.sendKey}@${domainOf(from.address)}>`;
  const composer = new MailComposer({
    from,
    to: { name, address: to },
    subject: message.subject ?? '',
    text: message.text,
    ...(message.html !== undefined && { html: message.html }),
    messageId,
    headers: unsubscribeHeaders(message.unsubscribeUrl),
    // Content is text of ours, never a path or an address to fetch from.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const mime = await composer.compile().build();
  return ok({ messageId, envelope: { from: from.address, to }, mime });
}

/** Both headers of RFC 8058, or none: an unsubscribe header without a working link would be a lie. */
function unsubscribeHeaders(url: string | undefined): Record<string, string> {
  if (url === undefined || !/^https:\/\/[^\s<>]+$/.test(url)) return {};
  return {
    'List-Unsubscribe': `<${url}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
