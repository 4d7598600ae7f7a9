import { describe, expect, it } from '@jest/globals';
import { failedForGood, failedForNow, unknown } from './channel.js';
import { smtpOutcome } from './smtp-outcome.js';

describe('smtpOutcome', () => {
  it.each([
    [{ code: 'EDNS' }, failedForNow('host-not-found')],
    [{ code: 'ESOCKET', originalCode: 'ECONNREFUSED' }, failedForNow('connection-refused')],
    [{ code: 'ETIMEDOUT' }, failedForNow('connect-timeout')],
    [{ code: 'ETLS' }, failedForNow('tls-failed')],
    [{ code: 'ESOCKET', originalCode: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, failedForNow('tls-failed')],
    [{ code: 'ECONNECTION' }, failedForNow('connection-lost')],
    [{ code: 'EAUTH', responseCode: 535 }, failedForNow('sign-in-refused')],
    [{ responseCode: 421 }, failedForNow('throttled')],
    [{ responseCode: 451, command: 'RCPT TO' }, failedForNow('refused-for-now')],
    [{ responseCode: 554, command: 'CONN' }, failedForNow('refused-for-now')],
    [{ responseCode: 550, command: 'RCPT TO' }, failedForGood('address-refused')],
    [{ responseCode: 550, command: 'MAIL FROM' }, failedForGood('refused')],
    [{ code: 'EMESSAGE' }, failedForGood('content-refused')],
  ])('says that %j before the content left is certain', (failure, expected) => {
    expect(smtpOutcome(failure, false)).toEqual(expected);
  });

  it('knows nothing once the content has begun to leave and no reply came', () => {
    expect(smtpOutcome({ code: 'ECONNECTION' }, true)).toEqual(unknown('connection-broken'));
    expect(smtpOutcome({ code: 'ETIMEDOUT' }, true)).toEqual(unknown('answer-timeout'));
  });

  it('takes a reply for certain, also after the content', () => {
    const busy = { code: 'EMESSAGE', responseCode: 451, command: 'DATA' };
    const never = { code: 'EMESSAGE', responseCode: 554, command: 'DATA' };

    expect(smtpOutcome(busy, true)).toEqual(failedForNow('refused-for-now'));
    expect(smtpOutcome(never, true)).toEqual(failedForGood('content-refused'));
  });
});
