import { Inject, Injectable } from '@nestjs/common';
import { addDays, dayOf, instantAt, newId } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { timers } from '@regulars/timers';
import { agreementStore } from '../agreements/agreement.store.js';
import { agreementDue } from '../agreements/make-agreement.use-case.js';
import type { Answer } from '../answers/answer.js';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import { defaultStepHour } from '../campaigns/campaign-defaults.js';
import { customerZoneStore } from '../customers/customer-zone.store.js';
import type { Touch } from '../touches/touch.js';
import { taskStore } from './task.store.js';

export const bookingCheck = 'booking-check';
/** A yes without a purchase after so many days goes back to a person. */
const bookingTakesDays = 7;

/** What an answer means for the people who work off tasks. */
@Injectable()
export class TaskFollowUp {
  constructor(@Inject(CAMPAIGN_SETTINGS) private readonly settings: CampaignSettings) {}

  /** The touch's own task is done with the answer; an agreed call that was made keeps the agreement. */
  async close(tx: Transaction, touch: Touch, answer: Answer): Promise<void> {
    const now = tx.clock.now();
    const task = await taskStore(tx).openOfTouch(touch.id);
    if (task) {
      const done = { outcome: answer.kind, by: null, note: answer.note ?? null };
      await taskStore(tx).finish(task.id, done, now);
    }
    if (touch.agreementId !== null && answer.kind !== 'not-reached') {
      await agreementStore(tx).settle([touch.agreementId], 'kept', now);
      await timers(tx).cancel(agreementDue, [touch.agreementId]);
    }
  }

  /** `yes`: somebody must book it. Whether a purchase follows is looked at a week later. */
  async book(tx: Transaction, touch: Touch, attempt = 1): Promise<void> {
    const now = tx.clock.now();
    const { companyZone } = this.settings;
    const script = 'The customer said yes: book it, say the day back, and note what was agreed.';
    const task = { id: newId(), customerId: touch.customerId, touchId: touch.id, script };
    await taskStore(tx).insert([{ ...task, kind: 'book', dueAt: now, attempt }], now);
    const day = addDays(dayOf(now, companyZone), bookingTakesDays);
    const dueAt = instantAt(day, defaultStepHour * 60, companyZone);
    await timers(tx).schedule([{ kind: bookingCheck, key: touch.id, dueAt, data: { attempt } }]);
  }

  /** Nobody was reached: the same touch again on the next day, a bounded number of times. */
  async tryAgain(tx: Transaction, touch: Touch): Promise<void> {
    if (touch.channel !== 'task') return;
    const now = tx.clock.now();
    const attempts = await taskStore(tx).attemptsOf(touch.id);
    if (attempts >= this.settings.callAttempts) return;
    const zone = await customerZoneStore(tx, this.settings.companyZone).of(touch.customerId);
    const dueAt = instantAt(addDays(dayOf(now, zone), 1), defaultStepHour * 60, zone);
    const script = await taskStore(tx).scriptOf(touch.id);
    await taskStore(tx).insert(
      [
        {
          id: newId(),
          customerId: touch.customerId,
          touchId: touch.id,
          kind: 'touch',
          script: script ?? 'Try again: nobody was reached.',
          dueAt,
          attempt: attempts + 1,
        },
      ],
      now,
    );
  }
}
