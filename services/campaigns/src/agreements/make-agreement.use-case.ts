import { Inject, Injectable } from '@nestjs/common';
import { addDays, dayOf, instantAt, newId } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { timers } from '@regulars/timers';
import type { Answer } from '../answers/answer.js';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import { ApplyWalk } from '../enrolments/apply-walk.use-case.js';
import { enrolmentStore } from '../enrolments/enrolment.store.js';
import { TouchLedger } from '../touches/touch-ledger.use-case.js';
import type { Touch } from '../touches/touch.js';
import { customerZoneStore } from '../customers/customer-zone.store.js';
import { callMayWaitDays, graceEnd, type Agreement } from './agreement.js';
import { agreementStore } from './agreement.store.js';
import { conversation, personalTouch } from './conversations.js';

export const agreementDue = 'agreement-due';

/** `later`: a day, an hour and who acts. It stands in for the due day; where we call, the call is planned at once. */
@Injectable()
export class MakeAgreement {
  constructor(
    @Inject(CAMPAIGN_SETTINGS) private readonly settings: CampaignSettings,
    private readonly applyWalk: ApplyWalk,
    private readonly ledger: TouchLedger,
  ) {}

  /** The customer is locked, and its ladders are ended. */
  async run(
    tx: Transaction,
    touch: Touch,
    agreed: NonNullable<Answer['agreement']>,
  ): Promise<Agreement> {
    const now = tx.clock.now();
    const { customerId } = touch;
    await this.replace(tx, customerId);
    const zone = await customerZoneStore(tx, this.settings.companyZone).of(customerId);
    const agreement: Agreement = {
      id: newId(),
      customerId,
      touchId: touch.id,
      ...agreed,
      state: 'open',
      madeAt: now,
      dueAt: instantAt(agreed.day, agreed.hour * 60, zone),
    };
    await agreementStore(tx).insert(agreement);
    const today = dayOf(now, zone);
    const enrolment = conversation(agreement.id, customerId, today, touch.segment);
    await enrolmentStore(tx).insert([enrolment], now);
    if (agreed.whoActs === 'we-call') {
      const expiresAt = instantAt(addDays(agreed.day, callMayWaitDays), agreed.hour * 60, zone);
      const call = { step: 1, dueAt: agreement.dueAt, expiresAt };
      await this.ledger.plan(tx, [personalTouch(enrolment, call, 'agreement', agreement.id)]);
    }
    await timers(tx).schedule([
      { kind: agreementDue, key: agreement.id, dueAt: graceEnd(agreement, zone) },
    ]);
    return agreement;
  }

  /** Only the last word counts. */
  private async replace(tx: Transaction, customerId: string): Promise<void> {
    const open = await agreementStore(tx).openOf([customerId]);
    await agreementStore(tx).settle(
      open.map(({ id }) => id),
      'replaced',
      tx.clock.now(),
    );
    await timers(tx).cancel(
      agreementDue,
      open.map(({ id }) => id),
    );
    const walks = await enrolmentStore(tx).ofCycles(open.map(({ id }) => id));
    await this.applyWalk.end(
      tx,
      walks.map(({ id }) => ({ enrolmentId: id, reason: 'agreement' })),
    );
  }
}
