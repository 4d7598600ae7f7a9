import { LogUnavailable } from '../errors.js';
import type { EventProducer, OutgoingRecord } from '../event-log.js';
import { createProducer, type ClientOptions, type Producer } from './client.js';
import { toLogError } from './kafka-errors.js';
import { requests, sendRequest } from './requests.js';

/** Sends one request after the other: a retried one that the next had overtaken would put old over new. */
export class KafkaProducer implements EventProducer {
  private client: { connected: Promise<Producer>; leave(): Promise<void> } | undefined;
  private tail: Promise<unknown> = Promise.resolve();
  private closing: Promise<void> | undefined;
  private giveUp: (error: Error) => void = () => undefined;
  private readonly givenUp = new Promise<never>((_, reject) => {
    this.giveUp = reject;
  });

  constructor(private readonly options: ClientOptions) {
    this.givenUp.catch(() => undefined);
  }

  send(records: readonly OutgoingRecord[]): Promise<void> {
    if (this.closing) return Promise.reject(new LogUnavailable('The producer is closed.'));
    const sent = this.tail.then(() => this.sendAll(records));
    this.tail = sent.catch(() => undefined);
    return Promise.race([sent, this.givenUp]);
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async sendAll(records: readonly OutgoingRecord[]): Promise<void> {
    for (const part of requests(records)) {
      try {
        await sendRequest(await this.connected(), part);
      } catch (error) {
        this.abandonClient();
        throw toLogError(error);
      }
    }
  }

  private connected(): Promise<Producer> {
    this.client ??= this.connect();
    return this.client.connected;
  }

  private connect() {
    let gone = false;
    const producer = createProducer(this.options, () => gone);
    const leave = async () => {
      gone = true;
      await producer.disconnect();
    };
    return { connected: producer.connect().then(() => producer), leave };
  }

  /**
   * After a failure kafkajs uses the failed request's sequence numbers again. If the broker did take that request, it
   * would take a next one of other content for a repeat, acknowledge and drop it: so the next one comes under a new id.
   */
  private abandonClient(): void {
    const client = this.client;
    this.client = undefined;
    client?.leave().catch(() => undefined);
  }

  private async shutDown(): Promise<void> {
    const grace = setTimeout(() => {
      this.giveUp(new LogUnavailable('The producer was closed before the log answered.'));
    }, this.options.settings.closeGraceMs);
    await Promise.race([this.tail, this.givenUp.catch(() => undefined)]);
    clearTimeout(grace);
    this.abandonClient();
  }
}
