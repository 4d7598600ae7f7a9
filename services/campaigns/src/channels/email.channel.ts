import {
  failedForGood,
  failedForNow,
  sent,
  type OutgoingChannel,
  type OutgoingMessage,
  type SendResult,
} from './channel.js';
import type { EmailConfig } from './channels.config.js';
import { composeEmail } from './email-message.js';
import { smtpOutcome } from './smtp-outcome.js';
import { SmtpPool, type SmtpLimits } from './smtp-pool.client.js';

/** E-mail over SMTP, at most once: no mailbox drops a second copy. */
export class EmailChannel implements OutgoingChannel {
  readonly channel = 'email';
  readonly policy = 'at-most-once';
  private readonly pool: SmtpPool | undefined;

  constructor(
    private readonly config: EmailConfig | undefined,
    limits?: SmtpLimits,
  ) {
    this.pool = config && new SmtpPool(config, limits);
  }

  configured(): boolean {
    return this.pool !== undefined;
  }

  async send(message: OutgoingMessage): Promise<SendResult> {
    if (!this.config || !this.pool) return failedForNow('not-configured');
    const composed = await composeEmail(message, this.config.from);
    if (!composed.ok) return failedForGood(composed.error);
    const { envelope, mime, messageId } = composed.value;
    const delivery = await this.pool.deliver(envelope, mime);
    return delivery.ok
      ? sent(messageId)
      : smtpOutcome(delivery.failure, delivery.contentHandedOver);
  }

  /** Idle sessions end; a message under way is finished. */
  close(): void {
    this.pool?.close();
  }
}
