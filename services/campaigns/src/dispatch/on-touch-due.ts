import { Injectable } from '@nestjs/common';
import type { Transaction } from '@regulars/persistence';
import { OnTimer, timers, type LeasedTimer, type TimerHandler } from '@regulars/timers';
import { customerStore } from '../customers/customer.store.js';
import { touchDue } from '../touches/touch-ledger.use-case.js';
import { touchStore } from '../touches/touch.store.js';
import { Dispatcher } from './dispatcher.use-case.js';
import { ReadingProgress } from './reading-progress.use-case.js';
import { ReserveTouches } from './reserve-touches.use-case.js';

/** Reading what was there at the start takes seconds; a deferral by the clock would be long, or for ever. */
const catchingUpMs = 1_000;

/** A planned touch has come due, or what deferred it is over. */
@OnTimer(touchDue)
@Injectable()
export class OnTouchDue implements TimerHandler {
  constructor(
    private readonly reserve: ReserveTouches,
    private readonly dispatcher: Dispatcher,
    private readonly progress: ReadingProgress,
  ) {}

  async fire(leased: readonly LeasedTimer[], tx: Transaction): Promise<void> {
    if (this.progress.isCatchingUp()) {
      await timers(tx).putBack(leased, catchingUpMs);
      return;
    }
    const customers = await touchStore(tx).customersOf(leased.map(({ key }) => key));
    await customerStore(tx).lockKnown(customers);
    const taken = await timers(tx).take(leased);
    const { handed } = await this.reserve.due(
      tx,
      taken.map(({ key }) => key),
    );
    if (handed > 0)
      tx.afterCommit(() => {
        this.dispatcher.wake();
      });
  }
}
