import { Inject, Injectable } from '@nestjs/common';
import { dayOf } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { AnswerTouch } from '../answers/answer-touch.use-case.js';
import { refused, toAnswer } from '../answers/to-answer.http.js';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import { customerStore } from '../customers/customer.store.js';
import type { TaskOutcomeBody } from './task-outcome.dto.js';
import { taskStore, type ListedTask } from './task.store.js';

/** Completes a task; an outcome that is an answer is taken as the answer to the task's touch. */
@Injectable()
export class CompleteTask {
  constructor(
    private readonly answerTouch: AnswerTouch,
    @Inject(CAMPAIGN_SETTINGS) private readonly settings: CampaignSettings,
  ) {}

  /** undefined: there is no such task. A task that is no longer open keeps what it says. */
  async run(tx: Transaction, id: string, body: TaskOutcomeBody): Promise<ListedTask | undefined> {
    const known = await taskStore(tx).find(id);
    if (!known) return undefined;
    await customerStore(tx).lockKnown([known.customerId]);
    const task = await taskStore(tx).find(id);
    if (task?.state !== 'open') return task;
    const now = tx.clock.now();
    const { outcome, by, note, reason, agreement } = body;
    if (outcome === 'done') refuseMore(body);
    await taskStore(tx).finish(id, { outcome, by: by ?? null, note: note ?? null }, now);
    if (outcome !== 'done' && task.touchId !== null) {
      const said = { answer: outcome, reason, note, agreement };
      const answer = toAnswer(said, dayOf(now, this.settings.companyZone));
      await this.answerTouch.run(tx, task.touchId, answer);
    }
    return taskStore(tx).find(id);
  }
}

/** `done` is no answer: a reason or an agreement beside it would be lost. */
function refuseMore(body: TaskOutcomeBody): void {
  for (const field of ['reason', 'agreement'] as const) {
    if (body[field] === undefined) continue;
    const message = 'It is part of an answer, and `done` is none.';
    throw refused({ pointer: `/${field}`, code: 'not-of-this-answer', message });
  }
}
