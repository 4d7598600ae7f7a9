import { Injectable } from '@nestjs/common';
import { outbox } from '@regulars/outbox';
import { newId } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { MakeAgreement } from '../agreements/make-agreement.use-case.js';
import type { Agreement } from '../agreements/agreement.js';
import { ApplyWalk } from '../enrolments/apply-walk.use-case.js';
import { enrolmentStore } from '../enrolments/enrolment.store.js';
import { StopCustomer } from './stop-customer.use-case.js';
import { TaskFollowUp } from '../tasks/task-follow-up.use-case.js';
import { touchEventData } from '../touches/touch-event.js';
import { touchHistoryStore } from '../touches/touch-history.store.js';
import { TouchMetrics } from '../touches/touch.metrics.js';
import { touchStore } from '../touches/touch.store.js';
import type { Touch, TouchState } from '../touches/touch.js';
import { answerStore } from './answer.store.js';
import { endingOf, isRepetition, type Answer } from './answer.js';

/** States in which the touch is on its way or with the customer. */
const left: ReadonlySet<TouchState> = new Set([
  'sending',
  'sent',
  'captured',
  'delivered',
  'unknown',
  'answered',
]);

/** Takes an answer and does all that follows from it in one transaction. */
@Injectable()
export class AnswerTouch {
  constructor(
    private readonly applyWalk: ApplyWalk,
    private readonly makeAgreement: MakeAgreement,
    private readonly stopCustomer: StopCustomer,
    private readonly tasks: TaskFollowUp,
    private readonly metrics: TouchMetrics,
  ) {}

  /** The customer is locked by the caller. Saying the same again changes nothing. */
  async run(tx: Transaction, touchId: string, answer: Answer): Promise<void> {
    const [touch] = await touchStore(tx).find([touchId]);
    if (!touch || isRepetition(touch.answer, answer.kind)) return;
    await this.tasks.close(tx, touch, answer);
    await this.endLadders(tx, touch, answer);

    let agreement: Agreement | undefined;
    let stopId: string | undefined;
    if (answer.kind === 'later' && answer.agreement)
      agreement = await this.makeAgreement.run(tx, touch, answer.agreement);
    if (answer.kind === 'stop') stopId = await this.stopCustomer.run(tx, touch.customerId, newId());
    if (answer.kind === 'yes') await this.tasks.book(tx, touch);
    if (answer.kind === 'not-reached') await this.tasks.tryAgain(tx, touch);
    await this.record(tx, touch, answer, agreement, stopId);
  }

  private async endLadders(tx: Transaction, touch: Touch, answer: Answer): Promise<void> {
    const ending = endingOf(answer.kind);
    if (!ending) return;
    const open = await enrolmentStore(tx).openOf([touch.customerId]);
    const ended = ending.all ? open : open.filter(({ id }) => id === touch.enrolmentId);
    await this.applyWalk.end(
      tx,
      ended.map(({ id }) => ({ enrolmentId: id, reason: ending.reason })),
    );
  }

  private async record(
    tx: Transaction,
    before: Touch,
    answer: Answer,
    agreement: Agreement | undefined,
    stopId: string | undefined,
  ): Promise<void> {
    const now = tx.clock.now();
    await answerStore(tx).insert(before.customerId, before.id, answer, now);
    const [current] = await touchStore(tx).find([before.id]);
    const known = current ?? before;
    const moves = left.has(known.state) && answer.kind !== 'not-reached';
    const state = moves ? 'answered' : known.state;
    await answerStore(tx).markTouch(known.id, answer, state);
    await touchHistoryStore(tx).append([
      {
        touchId: known.id,
        customerId: known.customerId,
        at: now,
        state: 'answered',
        reason: answer.kind,
        channel: known.channel,
        until: agreement?.dueAt ?? null,
      },
    ]);
    await outbox(tx).add([
      {
        stream: 'touch',
        type: 'TouchAnswered',
        key: known.customerId,
        occurredAt: now,
        data: {
          ...touchEventData(known),
          answer: answer.kind,
          answeredAt: now.toISOString(),
          ...(agreement
            ? {
                agreement: { day: agreement.day, hour: agreement.hour, whoActs: agreement.whoActs },
              }
            : {}),
          ...(answer.reason === undefined ? {} : { answerReason: answer.reason }),
          ...(stopId === undefined ? {} : { stopId }),
        },
      },
    ]);
    tx.afterCommit(() => {
      if (answer.kind !== 'not-reached') this.metrics.answered(known.channel);
    });
  }
}
