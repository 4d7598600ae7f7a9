import type { ServiceConfig } from '@regulars/config';
import { RegularsError, type Clock } from '@regulars/kernel';
import type { OutgoingChannel } from './channel.js';
import { channelsConfig } from './channels.config.js';
import { EmailChannel } from './email.channel.js';
import { OutboundHttpClient } from './outbound-http.client.js';
import { WebhookChannel } from './webhook.channel.js';

/**
 * The channels of this process.
 * @throws RegularsError `clock-not-ticking`: a clock that stands or jumps would send a year's messages at once.
 */
export function makeChannels(env: ServiceConfig['env'], clock: Clock): OutgoingChannel[] {
  const config = channelsConfig(env);
  const channels = [
    new EmailChannel(config.email),
    new WebhookChannel(config.webhook, new OutboundHttpClient(config.outboundAllow), clock),
  ];
  const live = channels.filter((channel) => channel.configured()).map(({ channel }) => channel);
  if (live.length > 0 && !clock.ticking) {
    throw new RegularsError(
      'clock-not-ticking',
      `The clock stands or is simulated, and ${live.join(' and ')} would really send. ` +
        'Unset REGULARS_CLOCK, or unset REGULARS_SMTP_URL and REGULARS_WEBHOOK_URL to capture instead.',
    );
  }
  return channels;
}
