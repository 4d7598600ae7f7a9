import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { EmailConfig } from './channels.config.js';
import type { SmtpFailure } from './smtp-outcome.js';

export interface SmtpTimeouts {
  /** Look-up, connection, TLS and greeting together. */
  readonly connectMs: number;
  /** Silence of the server while we wait for a reply; also how long an idle session is kept. */
  readonly silenceMs: number;
}

export interface Envelope {
  readonly from: string;
  readonly to: string;
}

export type Delivery =
  | { readonly ok: true; readonly reply: string }
  | { readonly ok: false; readonly failure: SmtpFailure; readonly contentHandedOver: boolean };

// Servers end sessions after some hundred messages; leaving first avoids a broken connection.
const MOST_MESSAGES = 50;

/** One connection to the SMTP server, one message at a time. */
export class SmtpSession {
  private messages = 0;
  private open = false;
  private onFailure: (failure: SmtpFailure) => void = () => undefined;
  private readonly connection: SMTPConnection;

  constructor(
    private readonly config: EmailConfig,
    timeouts: SmtpTimeouts,
  ) {
    this.connection = new SMTPConnection({
      host: config.host,
      port: config.port,
      secure: config.secure,
      requireTLS: config.requireTls,
      connectionTimeout: timeouts.connectMs,
      greetingTimeout: timeouts.connectMs,
      dnsTimeout: timeouts.connectMs,
      socketTimeout: timeouts.silenceMs,
      maxResponseSize: 64 * 1024,
    });
    // Without a listener an error on an idle session would end the process.
    this.connection.on('error', (error: Error) => {
      this.open = false;
      this.onFailure(error as SmtpFailure);
    });
    this.connection.on('end', () => {
      this.open = false;
      // A 421 reply ends the connection and then hands over its error: the reply is the better answer.
      setImmediate(() => {
        this.onFailure({ code: 'ECONNECTION' });
      });
    });
  }

  /** Whether another message can go out on it. */
  get usable(): boolean {
    return this.open && this.messages < MOST_MESSAGES;
  }

  /** Connects and signs in; undefined = ready. Never rejects. */
  async start(): Promise<SmtpFailure | undefined> {
    return new Promise((settle) => {
      this.onFailure = settle;
      this.connection.connect((error) => {
        if (error) {
          settle(error);
          return;
        }
        this.open = true;
        if (this.config.user === undefined) {
          settle(undefined);
          return;
        }
        const auth = { user: this.config.user, pass: this.config.password ?? '' };
        this.connection.login(auth, (refused) => {
          settle(refused ?? undefined);
        });
      });
    });
  }

  /** Hands one message over. Never rejects. */
  async deliver(envelope: Envelope, mime: Buffer): Promise<Delivery> {
    this.messages += 1;
    let contentHandedOver = false;
    // The client reads the content only once the server has said "354 go on": reading is the moment from
    // which an answer that never comes leaves the message in doubt.
    const content = new Readable({
      read() {
        contentHandedOver = true;
        this.push(mime);
        this.push(null);
      },
    });
    const delivery = await new Promise<Delivery>((settle) => {
      this.onFailure = (failure) => {
        settle({ ok: false, failure, contentHandedOver });
      };
      const sized = { from: envelope.from, to: [envelope.to], size: mime.length };
      this.connection.send(sized, content, (error, info) => {
        if (error) settle({ ok: false, failure: error, contentHandedOver });
        else settle({ ok: true, reply: info.response });
      });
    });
    content.destroy();
    // After a refusal the server's idea of the conversation is not ours to guess: start afresh.
    if (!delivery.ok) this.close();
    return delivery;
  }

  /** Ends it at once; whoever waits is told that the connection is gone. */
  close(code = 'ECONNECTION'): void {
    this.open = false;
    this.onFailure({ code });
    this.connection.close();
  }

  /** Says goodbye, so that the server does not record a broken session. */
  quit(): void {
    if (!this.open) return;
    this.open = false;
    this.connection.quit();
  }
}
