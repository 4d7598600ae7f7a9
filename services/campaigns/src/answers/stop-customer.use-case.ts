import { Injectable } from '@nestjs/common';
import type { Transaction } from '@regulars/persistence';
import { timers } from '@regulars/timers';
import { agreementStore } from '../agreements/agreement.store.js';
import { agreementDue } from '../agreements/make-agreement.use-case.js';
import { taskStore } from '../tasks/task.store.js';
import { TouchLedger } from '../touches/touch-ledger.use-case.js';
import { touchStore } from '../touches/touch.store.js';
import { suppressionStore } from './answer.store.js';

/** `stop`: from this commit on nothing is reserved for the customer; ingestion withdraws the consents afterwards. */
@Injectable()
export class StopCustomer {
  constructor(private readonly ledger: TouchLedger) {}

  /** Returns the id of the stop that stands. The customer is locked. */
  async run(tx: Transaction, customerId: string, id: string): Promise<string> {
    const now = tx.clock.now();
    const stopId = await suppressionStore(tx).stop(id, customerId, now);
    const agreements = await agreementStore(tx).openOf([customerId]);
    const agreementIds = agreements.map((agreement) => agreement.id);
    await agreementStore(tx).settle(agreementIds, 'replaced', now);
    await timers(tx).cancel(agreementDue, agreementIds);
    await taskStore(tx).closeOpen([customerId], ['touch', 'book', 'agreed'], now);
    await this.ledger.skip(tx, await touchStore(tx).openOfCustomers([customerId]), 'stopped');
    return stopId;
  }
}
