import { Webhook } from 'standardwebhooks';
import type { Clock } from '@regulars/kernel';
import {
  failedForGood,
  failedForNow,
  sent,
  unknown,
  type OutgoingChannel,
  type OutgoingMessage,
  type SendResult,
} from './channel.js';
import type { WebhookConfig } from './channels.config.js';
import type { OutboundHttpClient, OutboundOutcome } from './outbound-http.client.js';

/** Signed webhooks (Standard Webhooks) to the company's own system, at least once with a stable `webhook-id`. */
export class WebhookChannel implements OutgoingChannel {
  readonly channel = 'webhook';
  readonly policy = 'at-least-once';

  constructor(
    private readonly config: WebhookConfig | undefined,
    private readonly client: OutboundHttpClient,
    private readonly clock: Clock,
  ) {}

  configured(): boolean {
    return this.config !== undefined;
  }

  async send(message: OutgoingMessage): Promise<SendResult> {
    if (!this.config) return failedForNow('not-configured');
    if (!message.json) return failedForGood('unsafe-content');
    const body = JSON.stringify({ type: 'touch', data: message.json });
    const at = this.clock.now();
    const outcome = await this.client.post({
      url: this.config.url,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Regulars-Webhooks/1',
        'webhook-id': message.sendKey,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': sign(this.config.secrets, message.sendKey, at, body),
      },
      body,
    });
    return webhookResult(outcome);
  }
}

/** One signature per secret: while one is being replaced, receivers with either can verify. */
function sign(secrets: readonly string[], id: string, at: Date, body: string): string {
  return secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' ');
}

/** What an outcome means for the touch. Pure. */
export function webhookResult(outcome: OutboundOutcome): SendResult {
  if (outcome.kind === 'not-allowed') return failedForGood('address-not-allowed');
  if (outcome.kind === 'broken') return brokenResult(outcome);
  const { status } = outcome;
  if (status >= 200 && status < 300) return sent();
  if (status >= 300 && status < 400) return failedForGood('redirect-refused');
  if (status === 408 || status === 429)
    return failedForNow('throttled', waitOf(outcome.retryAfter));
  if (status >= 400 && status < 500) return failedForGood('refused');
  // Repeating is safe here: the receiver knows the message by its webhook-id.
  if (status >= 500) return failedForNow('provider-error', waitOf(outcome.retryAfter));
  return unknown('answer-not-understood');
}

function brokenResult(broken: OutboundOutcome & { kind: 'broken' }): SendResult {
  if (broken.handedOver) return unknown(broken.timedOut ? 'answer-timeout' : 'connection-broken');
  if (broken.timedOut) return failedForNow('connect-timeout');
  if (broken.code === 'ENOTFOUND' || broken.code === 'EAI_AGAIN') {
    return failedForNow('host-not-found');
  }
  if (broken.code === 'ECONNREFUSED') return failedForNow('connection-refused');
  if (/CERT|TLS|SSL|EPROTO|SIGNED|VERIFY/.test(broken.code)) return failedForNow('tls-failed');
  return failedForNow('connection-lost');
}

const ONE_DAY_MS = 86_400_000;

/** Seconds of a Retry-After, at most a day; a date is left to our own schedule. */
function waitOf(retryAfter: string | undefined): number | undefined {
  if (retryAfter === undefined || !/^\d{1,9}$/.test(retryAfter)) return undefined;
  return Math.min(Number(retryAfter) * 1000, ONE_DAY_MS);
}
