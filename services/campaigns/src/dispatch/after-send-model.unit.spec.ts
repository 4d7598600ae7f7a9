import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  failedForGood,
  failedForNow,
  sent,
  unknown,
  type SendPolicy,
  type SendResult,
} from '../channels/channel.js';
import { afterSend } from './after-send.js';

/** A touch on its way through dispatch, on a clock of its own. */
interface Life {
  now: Date;
  readonly expiresAt: Date;
  readonly policy: SendPolicy;
  fallbacks: readonly string[];
  attempts: number;
}

/** What the model knows without looking at the decision: what may have left, and that it is over. */
interface Model {
  left: boolean;
  over: boolean;
}

/** One call of the provider, with what came of it. */
class Call implements fc.Command<Model, Life> {
  constructor(private readonly result: SendResult) {}

  check = ({ over }: Model) => !over;

  run(model: Model, life: Life): void {
    // What may have left already must not leave again where nobody drops repeats.
    if (life.policy === 'at-most-once') expect(model.left).toBe(false);
    life.attempts += 1;
    if (this.result.kind !== 'failed') model.left = true;
    const next = afterSend(this.result, life.policy, life, life.now);

    if (this.result.kind === 'sent') expect(next).toMatchObject({ kind: 'settle', state: 'sent' });
    if (next.kind === 'settle') {
      // Counted as sent exactly when it may have left: caps and silence hang on it.
      if (life.policy === 'at-most-once') expect(next.counts).toBe(model.left);
      model.over = true;
    } else if (next.kind === 'retry') {
      expect(next.at.getTime()).toBeGreaterThan(life.now.getTime());
      if (life.policy === 'at-most-once')
        expect(next.at.getTime()).toBeLessThan(life.expiresAt.getTime());
      life.now = next.at;
    } else {
      expect(next.channels.length).toBeLessThanOrEqual(life.fallbacks.length);
      life.fallbacks = next.channels.slice(1);
      life.attempts = 0;
    }
  }

  toString = () => JSON.stringify(this.result);
}

const results: readonly SendResult[] = [
  sent(),
  failedForNow('throttled'),
  failedForNow('connection-refused'),
  failedForGood('address-refused'),
  unknown('answer-timeout'),
];

describe.each<SendPolicy>(['at-most-once', 'at-least-once'])('a touch sent %s', (policy) => {
  const born = (days: number, fallbacks: number): { model: Model; real: Life } => {
    const now = new Date('2026-05-20T10:00:00Z');
    return {
      model: { left: false, over: false },
      real: {
        now,
        expiresAt: new Date(now.getTime() + days * 86_400_000),
        policy,
        fallbacks: Array.from({ length: fallbacks }, () => 'email'),
        attempts: 0,
      },
    };
  };

  it('is repeated only where that is safe, whatever the provider answers', () => {
    const calls = fc.commands(
      results.map((result) => fc.constant(new Call(result))),
      { maxCommands: 40, size: 'max' },
    );
    fc.assert(
      fc.property(calls, fc.nat(3), fc.nat(2), (commands, days, fallbacks) => {
        fc.modelRun(() => born(days, fallbacks), commands);
      }),
    );
  });

  it('comes to an end, whatever the provider answers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...results), { minLength: 40, maxLength: 40 }),
        fc.nat(3),
        fc.nat(2),
        (answers, days, fallbacks) => {
          const { model, real } = born(days, fallbacks);
          for (const answer of answers) if (!model.over) new Call(answer).run(model, real);
          expect(model.over).toBe(true);
        },
      ),
    );
  });
});
