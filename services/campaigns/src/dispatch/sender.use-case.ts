import { Injectable } from '@nestjs/common';
import { Database } from '@regulars/persistence';
import { ChannelCatalog } from '../channels/channel-catalog.provider.js';
import type { SendResult } from '../channels/channel.js';
import { customerStore } from '../customers/customer.store.js';
import { touchStore } from '../touches/touch.store.js';
import { FinishSend } from './finish-send.use-case.js';
import { ReserveTouches } from './reserve-touches.use-case.js';
import { sendStore } from './send.store.js';
import type { Worded } from './word-touches.use-case.js';

/** One send: reservation, provider call outside any transaction, record of the answer. */
@Injectable()
export class Sender {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelCatalog,
    private readonly reserve: ReserveTouches,
    private readonly finish: FinishSend,
  ) {}

  async lease(limit: number): Promise<{ id: string; customerId: string }[]> {
    return this.database.withTransaction((tx) => sendStore(tx).lease(limit));
  }

  async send({ id, customerId }: { id: string; customerId: string }): Promise<void> {
    const reserved = await this.database.withTransaction(async (tx) => {
      await customerStore(tx).lockKnown([customerId]);
      return this.reserve.forSending(tx, id);
    });
    if (!reserved) return;
    const result = await this.call(reserved);
    await this.database.withTransaction((tx) => this.finish.run(tx, reserved.touch, result));
  }

  /** Sends whose process died: nobody knows what came of them. Never repeated where that could double a message. */
  async settleExpired(limit: number): Promise<void> {
    for (const { id, customerId } of await sendStore(this.database).expired(limit)) {
      await this.database.withTransaction(async (tx) => {
        await customerStore(tx).lockKnown([customerId]);
        if (!(await sendStore(tx).stillExpired(id))) return;
        const [touch] = await touchStore(tx).find([id]);
        if (touch)
          await this.finish.run(tx, touch, { kind: 'unknown', reason: 'died-while-sending' });
      });
    }
  }

  private async call({ touch, customer, message, channel }: Worded): Promise<SendResult> {
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
}
