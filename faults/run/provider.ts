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
  /** Answers still to be given to first attempts. */
  private mailScript: MailAnswer[] = [];
  private webhookScript: WebhookAnswer[] = [];

  constructor(
    private readonly journal: Journal,
    private readonly random: Dice,
  ) {}

  /**
   * The next first attempts on each channel meet every answer so many times, in any order; all else is taken. Bounded,
   * since a few calls that hang take all sessions with a mail server, and then who waits in line is late by right.
   */
  makeTrouble(times: number): void {
    this.mailScript = this.shuffled(mailAnswers, times);
    this.webhookScript = this.shuffled(webhookAnswers, times);
  }

  /** How often each answer was given. */
  given(): ReadonlyMap<ProviderAnswer, number> {
    const counts = new Map<ProviderAnswer, number>();
    for (const { answer } of [...this.attempts.values()].flat())
      counts.set(answer, (counts.get(answer) ?? 0) + 1);
    return counts;
  }

  onMail({ sendKey, address, text }: Mail): MailAnswer {
    const answer = this.answer('email', sendKey, this.mailScript);
    // What is refused has not arrived.
    if (answer === 'put-off' || answer === 'refuse') return answer;
    const contentOf = `customer-${/Customer (\d+)/.exec(text)?.[1] ?? 'unknown'}`;
    this.journal.arrived({ sendKey, address, contentOf, policy: 'at-most-once' });
    return answer;
  }

  onWebhook({ sendKey, customerId }: Webhook): WebhookAnswer {
    const answer = this.answer('webhook', sendKey, this.webhookScript);
    const policy = 'at-least-once';
    this.journal.arrived({ sendKey, address: companySystem, contentOf: customerId, policy });
    return answer;
  }

  private answer<A extends ProviderAnswer>(
    channel: Attempt['channel'],
    sendKey: string,
    script: A[],
  ): A | 'take' {
    const before = this.attempts.get(sendKey) ?? [];
    const answer = (before.length === 0 ? script.pop() : undefined) ?? 'take';
    this.attempts.set(sendKey, [...before, { at: performance.now(), channel, answer }]);
    return answer;
  }

  private shuffled<A>(answers: readonly A[], times: number): A[] {
    return answers
      .flatMap((answer) => Array.from({ length: times }, () => answer))
      .toSorted(() => this.random.roll() - 0.5);
  }
}

const mailAnswers = ['put-off', 'refuse', 'drip', 'hang'] as const;
const webhookAnswers = [
  'server-error',
  'too-many',
  'drip',
  'hang',
  'reset',
  'error-in-200',
] as const;
