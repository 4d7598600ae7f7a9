import { LogUnavailable } from '../errors.js';
import { within } from '../within.js';
import type { IsGone } from './client.js';
import { toLogError } from './kafka-errors.js';

/** Longer than kafkajs takes to give up by itself: six tries of five seconds, and the pauses between them. */
const ANSWER_MS = 40_000;
const LEAVE_MS = 1_000;

interface Client {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}

interface Connection<C> {
  readonly connected: Promise<C>;
  leave(): Promise<void>;
}

/**
 * A client that is made when first needed, and again after it failed or fell silent: kafkajs stops watching the time of a
 * request whose connection it is about to close, and then waits for ever for a broker that does not answer.
 */
export class RenewedClient<C extends Client> {
  private connection: Connection<C> | undefined;
  private closed = false;

  constructor(private readonly make: (isGone: IsGone) => C) {}

  /** Rejects with the port's errors. */
  async use<T>(work: (client: C) => Promise<T>): Promise<T> {
    if (this.closed) throw new LogUnavailable('The log is closed.');
    const connection = (this.connection ??= this.connect());
    try {
      const answer = connection.connected.then(work);
      if (await within(ANSWER_MS, answer)) return await answer;
      throw new LogUnavailable(`Kafka did not answer within ${String(ANSWER_MS)} ms.`);
    } catch (error) {
      await this.drop(connection);
      throw toLogError(error);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.connection) await this.drop(this.connection);
  }

  private connect(): Connection<C> {
    let gone = false;
    const client = this.make(() => gone);
    return {
      connected: client.connect().then(() => client),
      leave: async () => {
        gone = true;
        await client.disconnect().catch(() => undefined);
      },
    };
  }

  private async drop(connection: Connection<C>): Promise<void> {
    if (this.connection === connection) this.connection = undefined;
    await within(LEAVE_MS, connection.leave());
  }
}
