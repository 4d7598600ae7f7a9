import { LogUnavailable } from '../errors.js';
import type { EventProducer, OutgoingRecord } from '../event-log.js';
import { createProducer, type ClientOptions, type Producer } from './client.js';
import { toLogError } from './kafka-errors.js';

/** kafkajs makes one record batch per partition and request, and a broker takes 1 MiB (default). */
const MAX_REQUEST_BYTES = 800 * 1024;

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
        await this.sendOne(await this.connected(), part);
      } catch (error) {
        this.abandonClient();
        throw toLogError(error);
      }
    }
  }

  private async sendOne(client: Producer, records: readonly OutgoingRecord[]): Promise<void> {
    const topics = Map.groupBy(records, ({ topic }) => topic);
    const answers = await client.sendBatch({
      acks: -1,
      topicMessages: [...topics].map(([topic, group]) => ({ topic, messages: group.map(message) })),
    });
    // kafkajs drops what it has no partition for, and resolves.
    const missing = [...topics.keys()].find((topic) => {
      const ours = answers.filter(({ topicName }) => topicName === topic);
      return ours.length === 0 || ours.some(({ errorCode }) => errorCode !== 0);
    });
    if (missing !== undefined) throw new LogUnavailable(`No acknowledgement from ${missing}.`);
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

function message({ key, value, headers }: OutgoingRecord) {
  const bytes = Object.entries(headers).map(([name, data]) => [name, Buffer.from(data)] as const);
  return {
    key: key && Buffer.from(key),
    value: value && Buffer.from(value),
    headers: Object.fromEntries(bytes),
    // Round robin would put a repeated try elsewhere.
    ...(key === null ? { partition: 0 } : {}),
  };
}

/** Cuts into requests of bounded size, in order. */
function* requests(records: readonly OutgoingRecord[]): Generator<readonly OutgoingRecord[]> {
  let part: OutgoingRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = sizeOf(record);
    if (part.length > 0 && bytes + size > MAX_REQUEST_BYTES) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(record);
    bytes += size;
  }
  if (part.length > 0) yield part;
}

function sizeOf({ key, value, headers }: OutgoingRecord): number {
  const head = Object.entries(headers).reduce(
    (sum, [name, data]) => sum + name.length + data.length,
    40,
  );
  return head + (key?.length ?? 0) + (value?.length ?? 0);
}
