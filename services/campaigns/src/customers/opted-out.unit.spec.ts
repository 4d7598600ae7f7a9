import { describe, expect, it } from '@jest/globals';
import { consentTo } from '../guardrails/judge-touch.builders.spec.js';
import { optedOut } from './opted-out.js';

const withdrawn = consentTo('email').map((consent) => ({
  ...consent,
  state: 'withdrawn' as const,
}));

describe('optedOut', () => {
  it('is true where a withdrawal leaves no channel', () => {
    expect(optedOut(withdrawn, ['email'], 'marketing', undefined)).toBe(true);
  });

  it('is false where another channel is left', () => {
    expect(optedOut(withdrawn, ['email', 'task'], 'marketing', undefined)).toBe(false);
  });

  it('is false where a record is merely missing: it may still come', () => {
    expect(optedOut([], ['email'], 'marketing', undefined)).toBe(false);
  });

  it('is false for another purpose', () => {
    expect(optedOut(withdrawn, ['email'], 'service', undefined)).toBe(false);
  });
});
