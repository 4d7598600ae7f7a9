import { companySystem, type Journal } from './journal.ts';
import type { Mail, MailAnswer } from '../../e2e/house/mail-sink.ts';
import type { Dice } from '@regulars/testing';
import type { Webhook, WebhookAnswer } from './webhook-sink.ts';

export type ProviderAnswer = MailAnswer | WebhookAnswer;

export interface Attempt {
  readonly at: number;
  readonly channel: 'email' | 'webhook';
  readonly answer: ProviderAnswer;
}

/** The other side of all channels: takes everything, until it is told to make trouble. Each receipt is written first. */
export class Provider {
  /** By send key, in the order of arrival. */
  readonly attempts = new Map<string, Attempt[]>();
  private troubled = false;

  constructor(
    private readonly journal: Journal,
    private readonly random: Dice,
  ) {}

  /** From now on the first attempt of a key meets any of the answers; every later one is taken. */
  makeTrouble(troubled: boolean): void {
    this.troubled = troubled;
  }

  /** How often each answer was given. */
  given(): ReadonlyMap<ProviderAnswer, number> {
    const counts = new Map<ProviderAnswer, number>();
    for (const { answer } of [...this.attempts.values()].flat())
      counts.set(answer, (counts.get(answer) ?? 0) + 1);
    return counts;
  }

  onMail({ sendKey, address, text }: Mail): MailAnswer {
    const answer = this.answer('email', sendKey, mailAnswers);
    // What is refused has not arrived.
    if (answer === 'put-off' || answer === 'refuse') return answer;
    const contentOf = `customer-${/Customer (\d+)/.exec(text)?.[1] ?? 'unknown'}`;
    this.journal.arrived({ sendKey, address, contentOf, policy: 'at-most-once' });
    return answer;
  }

  onWebhook({ sendKey, customerId }: Webhook): WebhookAnswer {
    const answer = this.answer('webhook', sendKey, webhookAnswers);
    const policy = 'at-least-once';
    this.journal.arrived({ sendKey, address: companySystem, contentOf: customerId, policy });
    return answer;
  }

  private answer<A extends ProviderAnswer>(
    channel: Attempt['channel'],
    sendKey: string,
    answers: readonly A[],
  ): A | 'take' {
    const before = this.attempts.get(sendKey) ?? [];
    const answer = this.troubled && before.length === 0 ? this.random.oneOf(answers) : 'take';
    this.attempts.set(sendKey, [...before, { at: performance.now(), channel, answer }]);
    return answer;
  }
}

const mailAnswers = ['take', 'put-off', 'refuse', 'drip', 'hang'] as const;
const webhookAnswers = [
  'take',
  'server-error',
  'too-many',
  'drip',
  'hang',
  'reset',
  'error-in-200',
] as const;
