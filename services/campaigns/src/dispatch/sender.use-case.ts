import { Inject, Injectable } from '@nestjs/common';
import { classOf } from '@regulars/messaging';
import { LOGGER, type Logger } from '@regulars/observability';
import { Database } from '@regulars/persistence';
import { ChannelCatalog } from '../channels/channel-catalog.provider.js';
import type { SendResult } from '../channels/channel.js';
import { customerStore } from '../customers/customer.store.js';
import { FinishSend, type Answered } from './finish-send.use-case.js';
import { inHalves } from './in-halves.js';
import { ReserveTouches } from './reserve-touches.use-case.js';
import { sendStore, type TouchKey } from './send.store.js';
import type { Worded } from './word-touches.use-case.js';

/** Sends: reservation of a batch, a provider call for each outside any transaction, record of a batch of answers. */
@Injectable()
export class Sender {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelCatalog,
    private readonly reservations: ReserveTouches,
    private readonly finish: FinishSend,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async lease(limit: number): Promise<TouchKey[]> {
    return this.database.withTransaction((tx) => sendStore(tx).lease(limit));
  }

  /** Leased and not reserved: anybody may lease them again at once. */
  async handBack(leased: readonly TouchKey[]): Promise<void> {
    if (leased.length === 0) return;
    await sendStore(this.database).handBack(leased.map(({ id }) => id));
  }

  /** Those that may leave now; what cannot be reserved stays ready and is tried again after its lease. */
  async reserve(leased: readonly TouchKey[]): Promise<readonly Worded[]> {
    const run = (some: readonly TouchKey[]) =>
      this.database.withTransaction(async (tx) => {
        await customerStore(tx).lockKnown(some.map(({ customerId }) => customerId));
        return this.reservations.forSending(
          tx,
          some.map(({ id }) => id),
        );
      });
    const onFailed = (error: unknown): void => {
      this.logger.warn({ err: error }, 'touches could not be reserved and stay ready');
    };
    return inHalves(leased, { run, isOfItems, onFailed });
  }

  async call({ touch, customer, message, channel }: Worded): Promise<SendResult> {
    const outgoing = this.channels.of(channel);
    if (!outgoing) return { kind: 'failed', final: true, reason: 'not-configured' };
    return outgoing.send({
      ...message,
      sendKey: touch.id,
      to: {
        customerId: customer.id,
        ...(customer.name === undefined ? {} : { name: customer.name }),
        ...(customer.email === undefined ? {} : { email: customer.email }),
      },
    });
  }

  async record(answered: readonly Answered[]): Promise<void> {
    const run = async (some: readonly Answered[]) => {
      await this.database.withTransaction((tx) => this.finish.run(tx, some));
      return [];
    };
    await inHalves(answered, { run, isOfItems, onFailed: this.notRecorded });
  }

  /** Sends whose process died: nobody knows what came of them. Never repeated where that could double a message. */
  async settleExpired(limit: number): Promise<void> {
    const expired = await sendStore(this.database).expired(limit);
    if (expired.length === 0) return;
    const run = async (some: readonly TouchKey[]) => {
      await this.database.withTransaction(async (tx) => {
        await customerStore(tx).lockKnown(some.map(({ customerId }) => customerId));
        const touches = await sendStore(tx).stillExpired(some.map(({ id }) => id));
        const result = { kind: 'unknown', reason: 'died-while-sending' } as const;
        await this.finish.run(
          tx,
          touches.map((touch) => ({ touch, result })),
        );
      });
      return [];
    };
    await inHalves(expired, { run, isOfItems, onFailed: this.notRecorded });
  }

  private readonly notRecorded = (error: unknown): void => {
    this.logger.warn({ err: error }, 'sends were not recorded and will be settled later');
  };
}

function isOfItems(error: unknown): boolean {
  const kind = classOf(error);
  return kind === 'poison' || kind === 'conflict';
}
