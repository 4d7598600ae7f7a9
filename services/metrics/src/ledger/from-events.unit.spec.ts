import { describe, expect, it } from '@jest/globals';
import { newId } from '@regulars/kernel';
import { aFailure } from './events.builders.spec.js';
import { toTouch } from './from-events.js';

describe('a touch that its provider refused', () => {
  it.each([
    ['has failed when that was the last word', true, { outcome: 'failed', detail: '' }],
    ['is deferred while it is tried again', false, { outcome: 'deferred', detail: 'mailbox-full' }],
  ])('%s', (_, final, expected) => {
    const touch = toTouch(aFailure(newId(), final), 'Europe/Berlin');
    expect(touch).toMatchObject({ ...expected, reachedAt: null });
  });
});
