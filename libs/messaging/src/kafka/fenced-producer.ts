import { LogUnavailable } from '../errors.js';
import type { EventProducer, OutgoingRecord } from '../event-log.js';
import { within } from '../within.js';
import { createTransactionalProducer, type ClientOptions, type Producer } from './client.js';
import { toLogError } from './kafka-errors.js';
import { requests, sendRequest } from './requests.js';

/** A relay that is told to stop must not wait for a Kafka that is away. */
const TAKE_OVER_MS = 10_000;

/**
 * Sends in transactions under a name that has one owner: the broker refuses whoever owned it before. It never connects
 * again by itself, since that would fence a successor; after a failed send it is of no more use.
 */
export class FencedProducer implements EventProducer {
  private tail: Promise<unknown> = Promise.resolve();
  private broken = false;
  private closing: Promise<void> | undefined;
  private giveUp: (error: Error) => void = () => undefined;
  private readonly givenUp = new Promise<never>((_, reject) => {
    this.giveUp = reject;
  });

  private constructor(
    private readonly client: Producer,
    private readonly graceMs: number,
    private readonly leave: () => Promise<void>,
  ) {
    this.givenUp.catch(() => undefined);
  }

  /** Resolves when every earlier owner of the name is fenced, and what it had begun is rolled back. */
  static async takeOver(options: ClientOptions, name: string): Promise<FencedProducer> {
    let gone = false;
    const client = createTransactionalProducer(options, name, () => gone);
    const leave = async () => {
      gone = true;
      await client.disconnect().catch(() => undefined);
    };
    const fence = async () => {
      await client.connect();
      await (await client.transaction()).abort();
    };
    try {
      if (!(await within(TAKE_OVER_MS, fence())))
        throw new LogUnavailable('Kafka did not answer the take-over.');
      return new FencedProducer(client, options.settings.closeGraceMs, leave);
    } catch (error) {
      void leave();
      throw toLogError(error);
    }
  }

  send(records: readonly OutgoingRecord[]): Promise<void> {
    if (this.closing) return Promise.reject(new LogUnavailable('The producer is closed.'));
    const sent = this.tail.then(() => this.inTransaction(records));
    this.tail = sent.catch(() => undefined);
    return Promise.race([sent, this.givenUp]);
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async inTransaction(records: readonly OutgoingRecord[]): Promise<void> {
    if (records.length === 0) return;
    if (this.broken) throw new LogUnavailable('A send has failed: take over again.');
    let abort: (() => Promise<void>) | undefined;
    try {
      const transaction = await this.client.transaction();
      abort = () => transaction.abort();
      for (const part of requests(records)) await sendRequest(transaction, part);
      abort = undefined;
      await transaction.commit();
    } catch (error) {
      // What an abort cannot end any more, the next take-over ends.
      const usable = await abort?.().then(
        () => true,
        () => false,
      );
      this.broken = usable !== true;
      throw toLogError(error);
    }
  }

  private async shutDown(): Promise<void> {
    const grace = setTimeout(() => {
      this.giveUp(new LogUnavailable('The producer was closed before the log answered.'));
    }, this.graceMs);
    await Promise.race([this.tail, this.givenUp.catch(() => undefined)]);
    clearTimeout(grace);
    void this.leave();
  }
}
