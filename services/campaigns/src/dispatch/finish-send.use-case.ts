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
import { sendStore, type SendEnd } from './send.store.js';

/** A touch in `sending`, and what its provider said. */
export interface Answered {
  readonly touch: Touch;
  readonly result: SendResult;
}

interface Decided extends Answered {
  readonly next: AfterSend;
}

/** The second transaction of sends: records what came of each, and when it is tried again. */
@Injectable()
export class FinishSend {
  constructor(
    private readonly channels: ChannelCatalog,
    private readonly ledger: TouchLedger,
  ) {}

  async run(tx: Transaction, answered: readonly Answered[]): Promise<void> {
    await customerStore(tx).lockKnown(answered.map(({ touch }) => touch.customerId));
    const now = tx.clock.now();
    const decided = answered.map((each) => ({ ...each, next: this.decide(each, now) }));
    const settled = await sendStore(tx).settle(decided.map(endOf));
    const byId = new Map(settled.map((touch) => [touch.id, touch]));
    // An answer or an erasure came first to those left out: its record stands.
    const done = decided.flatMap((each) => {
      const touch = byId.get(each.touch.id);
      return touch ? [{ ...each, touch }] : [];
    });
    await this.ledger.record(
      tx,
      done.map(({ touch, next, result }) => ({ touch, ...eventOf(next, result) })),
    );
    await tryAgain(tx, done, now);
    await enrolmentStore(tx).endCompleted(
      done.flatMap(({ touch, next }) => (next.kind === 'settle' ? [touch.enrolmentId] : [])),
      now,
    );
  }

  private decide({ touch, result }: Answered, now: Date): AfterSend {
    const policy = this.channels.of(touch.channel)?.policy ?? 'at-most-once';
    const tried = touch.channels.indexOf(touch.channel);
    const fallbacks = touch.channels.slice(tried + 1).filter((c) => c !== 'preferred');
    const { attempts, expiresAt } = touch;
    return afterSend(result, policy, { attempts, expiresAt, fallbacks }, now);
  }
}

/** The same channel later, or the next one at once. */
async function tryAgain(tx: Transaction, done: readonly Decided[], now: Date): Promise<void> {
  for (const { touch, next } of done)
    if (next.kind === 'fall-back') await sendStore(tx).useChannels(touch.id, next.channels);
  await timers(tx).schedule(
    done.flatMap(({ touch, next }) => {
      if (next.kind === 'settle') return [];
      return [{ kind: touchDue, key: touch.id, dueAt: next.kind === 'retry' ? next.at : now }];
    }),
  );
}

function endOf({ touch: { id }, result, next }: Decided): SendEnd {
  const reference = result.kind === 'sent' ? result.reference : undefined;
  return { id, ...stateOf(next), ...(reference === undefined ? {} : { reference }) };
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
