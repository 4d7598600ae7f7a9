import { Injectable } from '@nestjs/common';
import { causeOf, type StreamEvent } from '@regulars/contracts';
import { outbox } from '@regulars/outbox';
import type { Transaction } from '@regulars/persistence';
import { timers } from '@regulars/timers';
import { agreementStore } from '../agreements/agreement.store.js';
import { agreementDue } from '../agreements/make-agreement.use-case.js';
import { enrolmentStore } from '../enrolments/enrolment.store.js';
import { TouchLedger } from '../touches/touch-ledger.use-case.js';
import { touchStore } from '../touches/touch.store.js';
import { erasureStore } from './erasure.store.js';

type Erased = Extract<StreamEvent<'customer'>, { type: 'CustomerErased' }>;

/** Erasure: open touches are skipped, personal data goes, and a receipt says how many rows. */
@Injectable()
export class EraseCustomer {
  constructor(private readonly ledger: TouchLedger) {}

  async run(tx: Transaction, event: Erased): Promise<void> {
    const { customerId, erasureId } = event.data;
    const now = tx.clock.now();
    const cause = causeOf(event);
    await this.ledger.skip(
      tx,
      await touchStore(tx).openOfCustomers([customerId]),
      'erased',
      new Map([[customerId, cause]]),
    );
    const open = await enrolmentStore(tx).openOf([customerId]);
    await enrolmentStore(tx).end(
      open.map(({ id }) => ({ id, reason: 'erased' })),
      now,
    );
    const agreements = await agreementStore(tx).openOf([customerId]);
    await timers(tx).cancel(
      agreementDue,
      agreements.map(({ id }) => id),
    );
    const rows = await erasureStore(tx).erase(customerId, now);
    await outbox(tx).add([
      {
        stream: 'campaigns-receipts',
        type: 'PartErased',
        key: customerId,
        occurredAt: now,
        causedBy: cause,
        data: { customerId, erasureId, rows },
      },
    ]);
  }
}
