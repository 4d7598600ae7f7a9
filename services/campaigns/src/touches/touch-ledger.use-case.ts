import { Injectable } from '@nestjs/common';
import type { Cause } from '@regulars/contracts';
import { outbox } from '@regulars/outbox';
import type { Transaction } from '@regulars/persistence';
import { timers } from '@regulars/timers';
import { enrolmentStore } from '../enrolments/enrolment.store.js';
import type { SkipReason } from '../guardrails/reasons.js';
import { touchEvent } from './touch-event.js';
import { touchHistoryStore } from './touch-history.store.js';
import { TouchMetrics } from './touch.metrics.js';
import { touchStore, type TouchUpdate } from './touch.store.js';
import type { NewTouch, Touch, TouchChange, TouchEventType } from './touch.js';

/** What a transaction's events inherit, by customer. */
export type Causes = ReadonlyMap<string, Cause | undefined>;

export const touchDue = 'touch-due';

/** Every change of a touch goes through here: row, timer, history, event and metric, in one transaction. */
@Injectable()
export class TouchLedger {
  constructor(private readonly metrics: TouchMetrics) {}

  /** Plans touches with their timers. One whose day has passed is stored as skipped, so that the history tells why. */
  async plan(tx: Transaction, touches: readonly NewTouch[], causes?: Causes): Promise<void> {
    const planned = await touchStore(tx).insert(touches, tx.clock.now());
    await this.record(tx, planned.map(as('TouchPlanned')), causes);
    const passed = new Set(touches.filter(({ passed }) => passed).map(({ id }) => id));
    await this.skip(
      tx,
      planned.filter(({ id }) => passed.has(id)),
      'day-passed',
      causes,
    );
    await schedule(
      tx,
      planned.filter(({ id }) => !passed.has(id)),
    );
  }

  async move(
    tx: Transaction,
    moves: readonly { id: string; dueAt: Date; expiresAt: Date; reason: string }[],
    causes?: Causes,
  ): Promise<void> {
    const moved = await touchStore(tx).move(moves);
    await this.record(tx, moved.map(as('TouchPlanned')), causes);
    await schedule(tx, moved);
  }

  /** An enrolment that has nothing else to do is completed with it. */
  async skip(
    tx: Transaction,
    touches: readonly Touch[],
    reason: SkipReason,
    causes?: Causes,
  ): Promise<void> {
    const skipped = await touchStore(tx).update(
      touches.map((touch) => ({ id: touch.id, state: 'skipped', reason, channel: touch.channel })),
    );
    await timers(tx).cancel(
      touchDue,
      skipped.map(({ id }) => id),
    );
    await this.record(tx, skipped.map(as('TouchSkipped')), causes);
    await enrolmentStore(tx).endCompleted(
      skipped.map(({ enrolmentId }) => enrolmentId),
      tx.clock.now(),
    );
  }

  /** Defers to an instant; the timer moves with it. */
  async defer(
    tx: Transaction,
    deferrals: readonly { touch: Touch; reason: string; until: Date }[],
  ): Promise<void> {
    const until = new Map(deferrals.map((d) => [d.touch.id, d.until]));
    const deferred = await touchStore(tx).update(
      deferrals.map(({ touch, reason }) => ({
        id: touch.id,
        state: 'deferred',
        reason,
        channel: touch.channel,
      })),
    );
    const changes = deferred.map((touch) => ({
      touch,
      type: 'TouchDeferred' as const,
      until: until.get(touch.id) ?? touch.dueAt,
    }));
    await timers(tx).schedule(
      changes.map((c) => ({ kind: touchDue, key: c.touch.id, dueAt: c.until })),
    );
    await this.record(tx, changes);
  }

  /** Moves touches on; the timer is spent. */
  async advance(
    tx: Transaction,
    type: TouchEventType,
    updates: readonly TouchUpdate[],
  ): Promise<Touch[]> {
    const touches = await touchStore(tx).update(updates);
    await this.record(tx, touches.map(as(type)));
    return touches;
  }

  /** History, event and metric of changes that are already in their rows. */
  async record(tx: Transaction, changes: readonly TouchChange[], causes?: Causes): Promise<void> {
    if (changes.length === 0) return;
    const at = tx.clock.now();
    await touchHistoryStore(tx).append(
      changes.map(({ touch, until }) => ({
        touchId: touch.id,
        customerId: touch.customerId,
        at,
        state: touch.state,
        reason: touch.reason,
        channel: touch.channel,
        until: until ?? null,
      })),
    );
    await outbox(tx).add(
      changes.map((change) => touchEvent(change, at, causes?.get(change.touch.customerId))),
    );
    tx.afterCommit(() => {
      this.metrics.count(changes);
    });
  }
}

const as =
  (type: TouchEventType) =>
  (touch: Touch): TouchChange => ({ touch, type });

async function schedule(tx: Transaction, touches: readonly Touch[]): Promise<void> {
  await timers(tx).schedule(touches.map(({ id, dueAt }) => ({ kind: touchDue, key: id, dueAt })));
}
