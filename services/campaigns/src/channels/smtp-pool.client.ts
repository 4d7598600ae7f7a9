import type { EmailConfig } from './channels.config.js';
import {
  SmtpSession,
  type Delivery,
  type Envelope,
  type SmtpTimeouts,
} from './smtp-session.client.js';

export interface SmtpLimits extends SmtpTimeouts {
  readonly sessions: number;
  /** One send from start to end, waiting for a session included. */
  readonly sendMs: number;
}

export const defaultSmtpLimits: SmtpLimits = {
  sessions: 8,
  connectMs: 8_000,
  silenceMs: 10_000,
  sendMs: 10_000,
};

const tooLate: Delivery = {
  ok: false,
  failure: { code: 'ETIMEDOUT' },
  contentHandedOver: false,
};

/** A few sessions kept open and shared; whoever finds none free waits for one, within the send's own time. */
export class SmtpPool {
  private readonly idle: SmtpSession[] = [];
  private readonly busy = new Set<SmtpSession>();
  private readonly waiting: (() => void)[] = [];
  private closed = false;

  constructor(
    private readonly config: EmailConfig,
    private readonly limits: SmtpLimits = defaultSmtpLimits,
  ) {}

  /** Sends one message once. Never rejects. */
  async deliver(
    envelope: Envelope,
    mime: Buffer,
    deadline = performance.now() + this.limits.sendMs,
  ): Promise<Delivery> {
    if (!(await this.waitForRoom(deadline))) return tooLate;
    const kept = this.takeIdle();
    const session = kept ?? new SmtpSession(this.config, this.limits);
    const delivery = await this.within(deadline, session, () =>
      run(session, kept === undefined, envelope, mime),
    );
    if (kept && brokeUnnoticed(delivery)) return this.deliver(envelope, mime, deadline);
    return delivery;
  }

  /** Ends idle sessions at once and lets busy ones finish their message. */
  close(): void {
    this.closed = true;
    for (const session of this.idle.splice(0)) session.quit();
  }

  private async waitForRoom(deadline: number): Promise<boolean> {
    while (this.busy.size >= this.limits.sessions) {
      const left = deadline - performance.now();
      if (left <= 0) return false;
      await new Promise<void>((go) => {
        const timer = setTimeout(go, left);
        this.waiting.push(() => {
          clearTimeout(timer);
          go();
        });
      });
    }
    return true;
  }

  private takeIdle(): SmtpSession | undefined {
    for (;;) {
      const session = this.idle.pop();
      if (!session || session.usable) return session;
      session.close();
    }
  }

  private async within(
    deadline: number,
    session: SmtpSession,
    send: () => Promise<Delivery>,
  ): Promise<Delivery> {
    this.busy.add(session);
    const timer = setTimeout(
      () => {
        session.close('ETIMEDOUT');
      },
      Math.max(deadline - performance.now(), 0),
    );
    try {
      return await send();
    } finally {
      clearTimeout(timer);
      this.busy.delete(session);
      this.keep(session);
      this.waiting.shift()?.();
    }
  }

  private keep(session: SmtpSession): void {
    if (session.usable && !this.closed) this.idle.push(session);
    else session.quit();
  }
}

async function run(
  session: SmtpSession,
  fresh: boolean,
  envelope: Envelope,
  mime: Buffer,
): Promise<Delivery> {
  if (fresh) {
    const failure = await session.start();
    if (failure) {
      session.close();
      return { ok: false, failure, contentHandedOver: false };
    }
  }
  return session.deliver(envelope, mime);
}

/** A kept session that the server had closed: nothing was said on it, so another session may say it. */
function brokeUnnoticed(delivery: Delivery): boolean {
  return (
    !delivery.ok &&
    !delivery.contentHandedOver &&
    delivery.failure.responseCode === undefined &&
    (delivery.failure.code === 'ECONNECTION' || delivery.failure.code === 'ESOCKET')
  );
}
