import { describe, expect, it } from '@jest/globals';
import { SimulatedClock, standingClock, systemClock } from '@regulars/kernel';
import { channelsConfig } from './channels.config.js';
import { makeChannels } from './make-channels.provider.js';
import { ChannelCatalog } from './channel-catalog.provider.js';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const smtp = {
  REGULARS_SMTP_URL: 'smtps://mailer:p%40ss@smtp.shop.example',
  REGULARS_SMTP_FROM: 'Corner Shop <hello@shop.example>',
};
const webhook = {
  REGULARS_WEBHOOK_URL: 'https://hooks.shop.example/regulars',
  REGULARS_WEBHOOK_SECRET: secret,
};

describe('channelsConfig', () => {
  it('leaves every channel in capture without settings', () => {
    expect(channelsConfig({})).toEqual({ outboundAllow: [] });
  });

  it('reads SMTP with credentials and sender', () => {
    expect(channelsConfig(smtp).email).toEqual({
      host: 'smtp.shop.example',
      port: 465,
      secure: true,
      requireTls: false,
      user: 'mailer',
      password: 'p@ss',
      from: { address: 'hello@shop.example', name: 'Corner Shop' },
    });
  });

  it('lets no password travel in the clear, except to this machine', () => {
    const from = { REGULARS_SMTP_FROM: 'a@b.example' };
    const remote = channelsConfig({ ...from, REGULARS_SMTP_URL: 'smtp://u:p@smtp.example:587' });
    const local = channelsConfig({ ...from, REGULARS_SMTP_URL: 'smtp://u:p@127.0.0.1:2525' });

    expect(remote.email?.requireTls).toBe(true);
    expect(local.email?.requireTls).toBe(false);
  });

  it.each([
    [{ ...smtp, REGULARS_SMTP_URL: 'http://smtp.shop.example' }, 'REGULARS_SMTP_URL'],
    [{ ...smtp, REGULARS_SMTP_URL: 'not a url' }, 'REGULARS_SMTP_URL'],
    [{ ...smtp, REGULARS_SMTP_FROM: '' }, 'REGULARS_SMTP_FROM'],
    [{ ...smtp, REGULARS_SMTP_FROM: 'a@b.example\r\nBcc: all@b.example' }, 'REGULARS_SMTP_FROM'],
    [{ ...smtp, REGULARS_SMTP_FROM: 'a@b.example, c@d.example' }, 'REGULARS_SMTP_FROM'],
    [{ ...webhook, REGULARS_WEBHOOK_URL: 'https://127.1/' }, 'REGULARS_WEBHOOK_URL'],
    [{ ...webhook, REGULARS_WEBHOOK_SECRET: '' }, 'REGULARS_WEBHOOK_SECRET'],
    [{ ...webhook, REGULARS_WEBHOOK_SECRET: 'whsec_c2hvcnQ=' }, 'REGULARS_WEBHOOK_SECRET'],
    [{ REGULARS_OUTBOUND_ALLOW: 'everything' }, 'REGULARS_OUTBOUND_ALLOW'],
  ])('names the wrong variable of %j', (env, variable) => {
    expect(() => channelsConfig(env)).toThrow(variable);
  });

  it('never quotes a password', () => {
    const broken = { ...smtp, REGULARS_SMTP_URL: 'http://mailer:hunter2@smtp' };

    expect(() => channelsConfig(broken)).toThrow(/^(?!.*hunter2).*REGULARS_SMTP_URL/);
  });

  it('takes two secrets while the receiver changes over', () => {
    const both = { ...webhook, REGULARS_WEBHOOK_SECRET: `${secret} ${secret}` };

    expect(channelsConfig(both).webhook?.secrets).toHaveLength(2);
  });
});

describe('makeChannels', () => {
  it('captures until a channel is configured', () => {
    const catalog = new ChannelCatalog(makeChannels(webhook, systemClock));

    expect(catalog.mode('webhook')).toBe('live');
    expect(catalog.mode('email')).toBe('capture');
    expect(catalog.mode('task')).toBe('capture');
    expect(catalog.of('task')).toBeUndefined();
  });

  it.each([standingClock(new Date(0)), new SimulatedClock(new Date(0))])(
    'refuses a clock that does not tick beside a channel that sends',
    (clock) => {
      expect(() => makeChannels(smtp, clock)).toThrow('email would really send');
      expect(() => makeChannels({}, clock)).not.toThrow();
    },
  );
});
