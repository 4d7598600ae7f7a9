import { describe, expect, it } from '@jest/globals';
import { afterSend } from './after-send.js';

const now = new Date('2026-05-20T09:00:00Z');
const attempt = (over: Partial<Parameters<typeof afterSend>[2]> = {}) => ({
  attempts: 1,
  expiresAt: new Date('2026-05-27T09:00:00Z'),
  fallbacks: [],
  ...over,
});
const refused = { kind: 'failed', final: false, reason: 'throttled' } as const;
const never = { kind: 'failed', final: true, reason: 'address-refused' } as const;
const timeOut = { kind: 'unknown', reason: 'answer-timeout' } as const;

describe('afterSend', () => {
  it('settles what was accepted', () => {
    expect(afterSend({ kind: 'sent' }, 'at-most-once', attempt(), now)).toMatchObject({
      state: 'sent',
      counts: true,
    });
  });

  it('tries a certain refusal again, later each time', () => {
    expect(afterSend(refused, 'at-most-once', attempt(), now)).toEqual({
      kind: 'retry',
      reason: 'throttled',
      at: new Date('2026-05-20T09:01:00Z'),
      counts: false,
    });
    expect(afterSend(refused, 'at-most-once', attempt({ attempts: 4 }), now)).toMatchObject({
      at: new Date('2026-05-20T09:15:00Z'),
    });
  });

  it('gives up after five attempts, or when the next step is due', () => {
    expect(afterSend(refused, 'at-most-once', attempt({ attempts: 5 }), now)).toMatchObject({
      state: 'failed',
      counts: false,
    });
    const soon = attempt({ expiresAt: new Date('2026-05-20T09:00:30Z') });
    expect(afterSend(refused, 'at-most-once', soon, now)).toMatchObject({ state: 'failed' });
  });

  it('never repeats what nobody saw the end of, where that could double a message', () => {
    expect(afterSend(timeOut, 'at-most-once', attempt({ fallbacks: ['task'] }), now)).toEqual({
      kind: 'settle',
      state: 'unknown',
      reason: 'answer-timeout',
      counts: true,
    });
  });

  it('repeats it where the other side drops repeats, for about three days', () => {
    let [tries, at] = [1, now];
    for (;;) {
      const next = afterSend(timeOut, 'at-least-once', attempt({ attempts: tries }), at);
      if (next.kind !== 'retry') break;
      expect(next.counts).toBe(true);
      [tries, at] = [tries + 1, next.at];
    }
    const days = (at.getTime() - now.getTime()) / 86_400_000;
    expect(tries).toBe(10);
    expect(days).toBeGreaterThan(1.5);
    expect(days).toBeLessThan(3);
  });

  it('falls back to the next channel when the provider says never', () => {
    expect(afterSend(never, 'at-most-once', attempt({ fallbacks: ['task'] }), now)).toEqual({
      kind: 'fall-back',
      reason: 'address-refused',
      channels: ['task'],
    });
  });
});
