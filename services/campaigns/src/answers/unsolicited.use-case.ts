import { Inject, Injectable } from '@nestjs/common';
import type { Channel } from '@regulars/contracts';
import { dayOf, newId } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { conversation, personalTouch } from '../agreements/conversations.js';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import { enrolmentStore } from '../enrolments/enrolment.store.js';
import { TouchLedger } from '../touches/touch-ledger.use-case.js';
import { touchStore } from '../touches/touch.store.js';

/** An answer that no touch asked for (a call to the shop, a word at the till) gets a touch to hang on. */
@Injectable()
export class Unsolicited {
  constructor(
    @Inject(CAMPAIGN_SETTINGS) private readonly settings: CampaignSettings,
    private readonly ledger: TouchLedger,
  ) {}

  /** Returns the touch's id. It counts for no cap: the customer came to us. */
  async open(tx: Transaction, customerId: string, channel: Channel): Promise<string> {
    const now = tx.clock.now();
    const id = newId();
    const today = dayOf(now, this.settings.companyZone);
    const enrolment = conversation(id, customerId, today, null);
    await enrolmentStore(tx).insert([enrolment], now);
    const touch = personalTouch(
      enrolment,
      { step: 0, dueAt: now, expiresAt: now },
      'unsolicited',
      null,
    );
    const planned = await touchStore(tx).insert([{ ...touch, channel, channels: [channel] }], now);
    await this.ledger.record(
      tx,
      planned.map((one) => ({ touch: one, type: 'TouchPlanned' })),
    );
    await this.ledger.advance(tx, 'TouchDelivered', [
      { id: touch.id, state: 'delivered', reason: 'unsolicited', channel },
    ]);
    await enrolmentStore(tx).endCompleted([enrolment.id], now);
    return touch.id;
  }
}
