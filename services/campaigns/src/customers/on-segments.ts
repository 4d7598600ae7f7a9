import { causeOf, type Consumed } from '@regulars/contracts';
import { OnEvents, type BatchHandler, type BatchTransaction } from '@regulars/messaging';
import { inbox } from '@regulars/outbox';
import { WalkLadders } from '../enrolments/walk-ladders.use-case.js';
import { customerStore } from './customer.store.js';
import { newestByKey } from './newest.js';

/** Whoever enters an audience is enrolled; whoever leaves it ends the ladder there. */
@OnEvents('segment')
export class OnSegments implements BatchHandler<'segment'> {
  constructor(private readonly walkLadders: WalkLadders) {}

  async handle(events: readonly Consumed<'segment'>[], tx: BatchTransaction): Promise<void> {
    const fresh = await inbox(tx).takeFresh(events);
    const customers = await customerStore(tx).lockMany(fresh.map(({ key }) => key));

    const newest = newestByKey(fresh).filter(({ key }) => customers.get(key)?.erased !== true);
    tx.note('superseded', fresh.length - newest.length);
    await customerStore(tx).saveSegments(
      newest.map(({ key, epoch, sequence, data }) => ({
        customerId: key,
        segment: data.to,
        lostKind: data.lostKind ?? null,
        epoch,
        sequence,
      })),
    );
    await this.walkLadders.run(tx, new Map(newest.map((event) => [event.key, causeOf(event)])));
  }
}
