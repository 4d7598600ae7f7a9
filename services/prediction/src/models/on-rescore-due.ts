import { Injectable } from '@nestjs/common';
import type { Transaction } from '@regulars/persistence';
import { OnTimer, timers, type LeasedTimer, type TimerHandler } from '@regulars/timers';
import type { Occasion } from '../next-purchase/forecast-events.js';
import { forecastStore } from '../next-purchase/forecast.store.js';
import { NextPurchases } from '../next-purchase/next-purchases.use-case.js';
import { currentStates } from '../purchase-history/current-states.use-case.js';
import { customersStore } from '../purchase-history/customers.store.js';
import { RESCORE } from './refits.use-case.js';
import { rescoringsStore, type RescoringRow } from './rescorings.store.js';

/** Customers per transaction: their locks hold up purchases of the same customers for that long. */
const BATCH = 300;

/** One bounded step of the walk over all customers; each step asks for the next one. */
@Injectable()
@OnTimer(RESCORE)
export class OnRescoreDue implements TimerHandler {
  constructor(private readonly nextPurchases: NextPurchases) {}

  async fire(leased: readonly LeasedTimer[], tx: Transaction): Promise<void> {
    const run = await rescoringsStore(tx).running();
    const ids = run ? await forecastStore(tx).idsAfter(run.lastCustomerId, BATCH) : [];
    const customers = await customersStore(tx).lockMany(ids);
    // The timers of superseded walks go with it; another replica's step has replaced the timer of ours.
    const taken = await timers(tx).take(leased);
    if (!run || !taken.some(({ key }) => key === run.id)) return;

    const occasions = new Map<string, Occasion>();
    const known = [...customers.values()].filter(({ erased }) => !erased);
    for (const { id, answered } of known) {
      occasions.set(id, { cause: 'refit', answers: answered, arrived: [] });
    }
    const states = await currentStates(tx, known);
    const folded = known.filter(({ state }) => state === undefined);
    await customersStore(tx).saveMany(
      folded.map(({ id, answered }) => ({ id, answered, state: states.get(id) })),
    );
    const { changed } = await this.nextPurchases.renew(tx, occasions, states);
    await this.goOn(tx, run, ids, changed);
  }

  private async goOn(
    tx: Transaction,
    run: RescoringRow,
    ids: readonly string[],
    changed: number,
  ): Promise<void> {
    const now = tx.clock.now();
    const lastCustomerId = ids.at(-1);
    if (lastCustomerId === undefined) {
      await rescoringsStore(tx).finish(run.id, now);
      return;
    }
    const step = { lastCustomerId, customers: ids.length, changed };
    if (!(await rescoringsStore(tx).advance(run.id, step))) return;
    await timers(tx).schedule([{ kind: RESCORE, key: run.id, dueAt: now }]);
  }
}
