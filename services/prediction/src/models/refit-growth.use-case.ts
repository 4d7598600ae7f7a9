import { Injectable } from '@nestjs/common';
import type { Transaction } from '@regulars/persistence';
import { timers } from '@regulars/timers';
import { modelsStore } from './models.store.js';
import { REFIT } from './on-refit-due.js';

/** Fewer new customers than this teach a fit too little to hurry for; the daily look takes them in. */
const LEAST = 100;
/** Each fit takes computing time from the import that it is made in. */
const FACTOR = 4;

/** Asks for a refit as soon as there are four times as many customers as at the last one: an import must not wait for the night. */
@Injectable()
export class RefitGrowth {
  /** Since the last asking, in this process: a restart forgets it, and the daily look makes up for that. */
  private newCustomers = 0;

  async noticed(tx: Transaction, newCustomers: number): Promise<void> {
    if (newCustomers === 0) return;
    const customers = (await modelsStore(tx).newestFit())?.customers ?? 0;
    const grown = this.newCustomers + newCustomers >= Math.max(LEAST, (FACTOR - 1) * customers);
    if (grown) {
      await timers(tx).schedule([{ kind: REFIT, key: 'growth', dueAt: tx.clock.now() }]);
    }
    tx.afterCommit(() => {
      this.newCustomers = grown ? 0 : this.newCustomers + newCustomers;
    });
  }
}
