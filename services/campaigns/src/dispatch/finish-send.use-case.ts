import { Injectable } from '@nestjs/common';
import type { Transaction } from '@regulars/persistence';
import { timers } from '@regulars/timers';
import { ChannelCatalog } from '../channels/channel-catalog.provider.js';
import type { SendResult } from '../channels/channel.js';
import { customerStore } from '../customers/customer.store.js';
import { enrolmentStore } from '../enrolments/enrolment.store.js';
import { touchDue, TouchLedger } from '../touches/touch-ledger.use-case.js';
import type { Touch, TouchEventType } from '../touches/touch.js';
import { afterSend, type AfterSend } from './after-send.js';
import { sendStore } from './send.store.js';

/** The second transaction of a send: records what came of it, and when it is tried again. */
@Injectable()
export class FinishSend {
  constructor(
    private readonly channels: ChannelCatalog,
    private readonly ledger: TouchLedger,
  ) {}

  async run(tx: Transaction, touch: Touch, result: SendResult): Promise<void> {
    await customerStore(tx).lockKnown([touch.customerId]);
    const policy = this.channels.of(touch.channel)?.policy ?? 'at-most-once';
    const tried = touch.channels.indexOf(touch.channel);
    const fallbacks = touch.channels.slice(tried + 1).filter((c) => c !== 'preferred');
    const { attempts, expiresAt } = touch;
    const next = afterSend(result, policy, { attempts, expiresAt, fallbacks }, tx.clock.now());
    const reference = result.kind === 'sent' ? result.reference : undefined;
    const [settled] = await sendStore(tx).settle(touch.id, {
      ...stateOf(next),
      ...(reference === undefined ? {} : { reference }),
    });
    // An answer or an erasure came first: its record stands.
    if (!settled) return;
    await this.ledger.record(tx, [{ touch: settled, ...eventOf(next, result) }]);
    if (next.kind === 'retry')
      await timers(tx).schedule([{ kind: touchDue, key: touch.id, dueAt: next.at }]);
    if (next.kind === 'fall-back') {
      await sendStore(tx).useChannels(touch.id, next.channels);
      await timers(tx).schedule([{ kind: touchDue, key: touch.id, dueAt: tx.clock.now() }]);
    }
    await enrolmentStore(tx).endCompleted([touch.enrolmentId], tx.clock.now());
  }
}

function stateOf(next: AfterSend): { state: Touch['state']; reason: string; counts: boolean } {
  if (next.kind === 'settle') return next;
  const counts = next.kind === 'retry' && next.counts;
  return { state: 'deferred', reason: next.reason, counts };
}

function eventOf(
  next: AfterSend,
  result: SendResult,
): { type: TouchEventType; final?: boolean; until?: Date } {
  if (result.kind === 'sent') return { type: 'TouchSent' };
  const until = next.kind === 'retry' ? { until: next.at } : {};
  if (result.kind === 'unknown') return { type: 'TouchUnknown', ...until };
  return { type: 'TouchFailed', final: next.kind === 'settle', ...until };
}
