import { describe, expect, it } from '@jest/globals';
import type { TouchState } from '../touches/touch.js';
import { isLacking, newestOfTouches, stateOf, type TouchEvent } from './published-touches.js';

function anEvent(type: TouchEvent['type'], sequence = 1, data: object = {}): TouchEvent {
  return { type, epoch: 1, sequence, data: { touchId: 't', ...data } } as TouchEvent;
}
const row = (state: TouchState, answer: string | null = null) => ({ state, answer });

describe('published touches', () => {
  it('takes the newest event of a touch, whatever the order', () => {
    const late = { ...anEvent('TouchSent', 1), epoch: 2 };
    const events = [anEvent('TouchSending', 5), late, anEvent('TouchPlanned', 2)];

    expect(newestOfTouches(events).get('t')).toBe(late);
  });

  it('lets the log tell of nothing that the row has passed', () => {
    expect(isLacking(anEvent('TouchPlanned'), row('sending'))).toBe(false);
    expect(isLacking(anEvent('TouchSending'), row('sent'))).toBe(false);
    expect(isLacking(anEvent('TouchSent'), row('sent'))).toBe(false);
    expect(isLacking(anEvent('TouchSent'), row('sent', 'yes'))).toBe(false);
    expect(isLacking(anEvent('TouchAnswered'), row('planned', 'yes'))).toBe(false);
  });

  it('takes what has left, stopped or ended', () => {
    for (const type of ['TouchSending', 'TouchSent', 'TouchSkipped', 'TouchUnknown'] as const) {
      expect(isLacking(anEvent(type), row('planned'))).toBe(true);
      expect(isLacking(anEvent(type), undefined)).toBe(true);
    }
    expect(isLacking(anEvent('TouchPlanned'), undefined)).toBe(false);
  });

  it('knows a refusal for now from one for good', () => {
    expect(stateOf(anEvent('TouchFailed', 1, { final: false }))).toBe('deferred');
    expect(stateOf(anEvent('TouchFailed', 1, { final: true }))).toBe('failed');
  });
});
