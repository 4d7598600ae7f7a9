import { Inject, Injectable } from '@nestjs/common';
import { addDays, dayOf, instantAt } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { OnTimer, timers, type LeasedTimer, type TimerHandler } from '@regulars/timers';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import { customerStore } from '../customers/customer.store.js';
import { enrolmentStore } from '../enrolments/enrolment.store.js';
import { TouchLedger } from '../touches/touch-ledger.use-case.js';
import { callMayWaitDays } from './agreement.js';
import { agreementStore } from './agreement.store.js';
import { personalTouch } from './conversations.js';
import { agreementDue } from './make-agreement.use-case.js';

/** The agreed day has passed and nothing came: the agreement is broken, and a person asks. */
@OnTimer(agreementDue)
@Injectable()
export class OnAgreementDue implements TimerHandler {
  constructor(
    @Inject(CAMPAIGN_SETTINGS) private readonly settings: CampaignSettings,
    private readonly ledger: TouchLedger,
  ) {}

  async fire(leased: readonly LeasedTimer[], tx: Transaction): Promise<void> {
    const keys = leased.map(({ key }) => key);
    const before = await agreementStore(tx).find(keys);
    await customerStore(tx).lockKnown(before.map(({ customerId }) => customerId));
    const taken = new Set((await timers(tx).take(leased)).map(({ key }) => key));
    const broken = (await agreementStore(tx).find([...taken])).filter((a) => a.state === 'open');
    const now = tx.clock.now();
    await agreementStore(tx).settle(
      broken.map(({ id }) => id),
      'broken',
      now,
    );
    // Where we said we would call, the call is planned or waits as a task already.
    const theirs = broken.filter(({ whoActs }) => whoActs !== 'we-call');
    const walks = await enrolmentStore(tx).ofCycles(theirs.map(({ id }) => id));
    const zone = this.settings.companyZone;
    const expiresAt = instantAt(addDays(dayOf(now, zone), callMayWaitDays), 0, zone);
    await this.ledger.plan(
      tx,
      walks.map((walk) =>
        personalTouch(walk, { step: 2, dueAt: now, expiresAt }, 'agreement-broken', walk.cycle),
      ),
    );
  }
}
