import { causeOf, type Consumed } from '@regulars/contracts';
import { OnEvents, type BatchHandler, type BatchTransaction } from '@regulars/messaging';
import { inbox } from '@regulars/outbox';
import { suppressionStore } from '../answers/answer.store.js';
import { WalkLadders } from '../enrolments/walk-ladders.use-case.js';
import { taskStore } from '../tasks/task.store.js';
import { TouchLedger } from '../touches/touch-ledger.use-case.js';
import { touchStore } from '../touches/touch.store.js';
import { TouchMetrics } from '../touches/touch.metrics.js';
import { ApplyOptOuts } from './apply-opt-outs.use-case.js';
import { customerStore } from './customer.store.js';
import { EraseCustomer } from './erase-customer.use-case.js';
import { newestByKey } from './newest.js';

type CustomerEvent = Consumed<'customer'>;
type Of<T extends CustomerEvent['type']> = Extract<CustomerEvent, { type: T }>;

/**
 * Consent, merging and erasure: what decides whether a customer may be touched at all. Parks: merging and un-merging
 * must not change places, and while anything waits the customer is not touched (`consent-unknown`).
 */
@OnEvents('customer', { whenDead: 'park' })
export class OnCustomers implements BatchHandler<'customer'> {
  constructor(
    private readonly walkLadders: WalkLadders,
    private readonly applyOptOuts: ApplyOptOuts,
    private readonly eraseCustomer: EraseCustomer,
    private readonly ledger: TouchLedger,
    private readonly metrics: TouchMetrics,
  ) {}

  async handle(events: readonly CustomerEvent[], tx: BatchTransaction): Promise<void> {
    const fresh = await inbox(tx).takeFresh(events);
    const customers = await customerStore(tx).lockMany(fresh.map(({ key }) => key));
    const alive = fresh.filter(({ key }) => customers.get(key)?.erased !== true);
    tx.note('superseded', fresh.length - alive.length);

    await customerStore(tx).saveKinds(
      newestByKey(ofType(alive, 'CustomerRegistered')).map(({ key, data }) => ({
        id: key,
        kind: data.kind,
      })),
    );
    await this.consents(tx, ofType(alive, 'ConsentChanged'));
    await this.merges(tx, alive);
    await this.erasures(tx, ofType(alive, 'CustomerErased'));
  }

  private async consents(
    tx: BatchTransaction,
    changes: readonly Of<'ConsentChanged'>[],
  ): Promise<void> {
    if (changes.length === 0) return;
    const newest = newestByKey(changes);
    await customerStore(tx).saveConsents(
      newest.map(({ key, epoch, sequence, data }) => ({
        customerId: key,
        consents: data.consents,
        epoch,
        sequence,
      })),
    );
    await suppressionStore(tx).settle(
      changes.flatMap(({ data }) => data.settlesStop ?? []),
      tx.clock.now(),
    );
    const causes = new Map(newest.map((event) => [event.key, causeOf(event)]));
    await this.applyOptOuts.run(tx, [...causes.keys()], causes);
    const arrivedAt = tx.clock.now().getTime();
    tx.afterCommit(() => {
      for (const { recordedAt } of changes)
        this.metrics.consentArrived((arrivedAt - recordedAt.getTime()) / 1_000);
    });
  }

  private async merges(tx: BatchTransaction, events: readonly CustomerEvent[]): Promise<void> {
    const newest = newestByKey(
      events.filter(
        (event): event is Of<'CustomerMerged'> | Of<'CustomerUnmerged'> =>
          event.type === 'CustomerMerged' || event.type === 'CustomerUnmerged',
      ),
    );
    const saved = await customerStore(tx).saveMerges(
      newest.map((event) => ({
        customerId: event.key,
        into: event.type === 'CustomerMerged' ? event.data.into : null,
        epoch: event.epoch,
        sequence: event.sequence,
      })),
    );
    const applied = newest.filter(({ key }) => saved.has(key));
    const causes = new Map(applied.map((event) => [event.key, causeOf(event)]));
    await this.walkLadders.run(tx, causes);
    const merged = applied.filter(({ type }) => type === 'CustomerMerged').map(({ key }) => key);
    const open = merged.length === 0 ? [] : await touchStore(tx).openOfCustomers(merged);
    await this.ledger.skip(tx, open, 'merged', causes);
    await taskStore(tx).closeOpen(merged, ['touch', 'book', 'agreed'], tx.clock.now());
  }

  private async erasures(
    tx: BatchTransaction,
    erasures: readonly Of<'CustomerErased'>[],
  ): Promise<void> {
    for (const event of newestByKey(erasures)) await this.eraseCustomer.run(tx, event);
  }
}

function ofType<T extends CustomerEvent['type']>(
  events: readonly CustomerEvent[],
  type: T,
): Of<T>[] {
  return events.filter((event): event is Of<T> => event.type === type);
}
