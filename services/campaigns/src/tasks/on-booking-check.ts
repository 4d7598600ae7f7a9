import { Inject, Injectable } from '@nestjs/common';
import type { Transaction } from '@regulars/persistence';
import { OnTimer, timers, type LeasedTimer, type TimerHandler } from '@regulars/timers';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import { customerStore } from '../customers/customer.store.js';
import { purchaseStore } from '../purchases/purchase.store.js';
import { touchStore } from '../touches/touch.store.js';
import { bookingCheck, TaskFollowUp } from './task-follow-up.use-case.js';

/** A week after a yes: without a purchase since, somebody takes it up again. */
@OnTimer(bookingCheck)
@Injectable()
export class OnBookingCheck implements TimerHandler {
  constructor(
    @Inject(CAMPAIGN_SETTINGS) private readonly settings: CampaignSettings,
    private readonly tasks: TaskFollowUp,
  ) {}

  async fire(leased: readonly LeasedTimer[], tx: Transaction): Promise<void> {
    const customers = await touchStore(tx).customersOf(leased.map(({ key }) => key));
    const known = await customerStore(tx).lockKnown(customers);
    const taken = await timers(tx).take(leased);
    const touches = await touchStore(tx).find(taken.map(({ key }) => key));
    const attempts = new Map(taken.map(({ key, data }) => [key, Number(data['attempt'] ?? 1)]));
    const bought = await purchaseStore(tx).boughtSinceAnswer(
      touches.map(({ id }) => id),
      this.settings.companyZone,
    );
    for (const touch of touches) {
      const attempt = attempts.get(touch.id) ?? 1;
      const settled = bought.has(touch.id) || touch.answer !== 'yes';
      const over = attempt >= this.settings.callAttempts;
      if (!settled && !over && known.get(touch.customerId)?.erased === false)
        await this.tasks.book(tx, touch, attempt + 1);
    }
  }
}
