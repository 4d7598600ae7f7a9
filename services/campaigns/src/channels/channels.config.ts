import addressparser from 'nodemailer/lib/addressparser';
import { Webhook } from 'standardwebhooks';
import { RegularsError } from '@regulars/kernel';
import { parseAllowed, type AllowedAddress } from './outbound-address.js';
import { checkUrl } from './outbound-url.js';

export interface EmailConfig {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (smtps). */
  readonly secure: boolean;
  /** STARTTLS or nothing: set where a password travels. */
  readonly requireTls: boolean;
  readonly user?: string;
  readonly password?: string;
  readonly from: { readonly address: string; readonly name: string };
}

export interface WebhookConfig {
  readonly url: string;
  /** One, or two while the receiver changes over. */
  readonly secrets: readonly string[];
}

export interface ChannelsConfig {
  readonly email?: EmailConfig;
  readonly webhook?: WebhookConfig;
  readonly outboundAllow: readonly AllowedAddress[];
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Channels from REGULARS_SMTP_URL, REGULARS_SMTP_FROM, REGULARS_WEBHOOK_URL, REGULARS_WEBHOOK_SECRET and
 * REGULARS_OUTBOUND_ALLOW. A channel without its address stays in capture.
 * @throws RegularsError `bad-configuration`; the message names the variable and never its value.
 */
export function channelsConfig(env: Env): ChannelsConfig {
  const outboundAllow = parseAllowed(env['REGULARS_OUTBOUND_ALLOW'] ?? '');
  const email = emailConfig(env['REGULARS_SMTP_URL'], env['REGULARS_SMTP_FROM']);
  const webhook = webhookConfig(
    env['REGULARS_WEBHOOK_URL'],
    env['REGULARS_WEBHOOK_SECRET'],
    outboundAllow,
  );
  return { ...(email && { email }), ...(webhook && { webhook }), outboundAllow };
}

function emailConfig(urlText = '', fromText = ''): EmailConfig | undefined {
  if (urlText === '') return undefined;
  if (!URL.canParse(urlText))
    throw bad('REGULARS_SMTP_URL is no URL; write smtps://user:password@host:465.');
  const url = new URL(urlText);
  const secure = url.protocol === 'smtps:';
  if (!secure && url.protocol !== 'smtp:') {
    throw bad('REGULARS_SMTP_URL must start with smtp:// or smtps://.');
  }
  if (url.hostname === '') throw bad('REGULARS_SMTP_URL names no host.');
  const user = decodeURIComponent(url.username);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    host,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTls: !secure && user !== '' && !isLoopback(host),
    ...(user !== '' && { user, password: decodeURIComponent(url.password) }),
    from: fromAddress(fromText),
  };
}

function fromAddress(text: string): EmailConfig['from'] {
  const [first, ...others] = /[\r\n]/.test(text) ? [] : addressparser(text, { flatten: true });
  if (!first || others.length > 0 || !/^[^\s@<>]+@[^\s@<>]+$/.test(first.address)) {
    throw bad(
      'REGULARS_SMTP_FROM must be one address, such as "Corner Shop <hello@shop.example>".',
    );
  }
  return { address: first.address, name: first.name };
}

function webhookConfig(
  url = '',
  secretText = '',
  allowed: readonly AllowedAddress[],
): WebhookConfig | undefined {
  if (url === '') return undefined;
  const checked = checkUrl(url, allowed);
  if (!checked.ok) throw bad(`REGULARS_WEBHOOK_URL is refused: ${checked.error}.`);
  const secrets = secretText.split(/[\s,]+/).filter((secret) => secret !== '');
  if (secrets.length === 0 || secrets.length > 2 || !secrets.every(isSecret)) {
    throw bad(
      'REGULARS_WEBHOOK_SECRET must be one or two secrets of the form whsec_<base64 of 24 to 64 random bytes>.',
    );
  }
  return { url, secrets };
}

function isSecret(secret: string): boolean {
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(secret)) return false;
  const bytes = Buffer.from(secret.slice('whsec_'.length), 'base64').length;
  try {
    new Webhook(secret);
  } catch {
    return false;
  }
  return bytes >= 24 && bytes <= 64;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

function bad(message: string): RegularsError {
  return new RegularsError('bad-configuration', message);
}
