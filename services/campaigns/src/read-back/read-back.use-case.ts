import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { toError } from '@regulars/kernel';
import type { EventLog } from '@regulars/messaging';
import { restoredAt, settleRestored } from '@regulars/outbox';
import { Database, type Transaction } from '@regulars/persistence';
import { EVENT_LOG, type BeforeWork } from '@regulars/service';
import { timers } from '@regulars/timers';
import { customerStore } from '../customers/customer.store.js';
import { Dispatcher } from '../dispatch/dispatcher.use-case.js';
import { enrolmentStore } from '../enrolments/enrolment.store.js';
import { touchHistoryStore } from '../touches/touch-history.store.js';
import { touchDue, TouchLedger } from '../touches/touch-ledger.use-case.js';
import { touchStore } from '../touches/touch.store.js';
import { isLacking, newestOfTouches, stateOf, type TouchEvent } from './published-touches.js';
import { OwnLog, type OwnEvent } from './own-log.use-case.js';
import { readBackStore } from './read-back.store.js';

const AT_ONCE = 200;
const KEEP_UP_MS = 60_000;
/** How late after its due time a touch may leave: timers are claimed in batches, sends wait for a place. */
const SLACK_MS = 15 * 60_000;

/**
 * Before anything can leave, reads what this service has published and takes over what its tables lack: a database that
 * was restored, or has lost its last commits, would send again what has left. Of what was due after the newest event
 * that survived nobody knows, and unknown is never repeated (G5).
 */
@Injectable()
export class ReadBack implements BeforeWork, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ReadBack.name);
  private readonly own: OwnLog | undefined;
  private keepingUp: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    @Inject(EVENT_LOG) log: EventLog | null,
    private readonly ledger: TouchLedger,
    private readonly dispatcher: Dispatcher,
  ) {
    if (log) this.own = new OwnLog(log, database);
  }

  /** Without a log nothing was ever published. */
  onApplicationBootstrap(): void {
    if (!this.own) this.dispatcher.start();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.keepingUp);
    await this.looking;
  }

  async run(): Promise<void> {
    const { own } = this;
    if (!own) return;
    const restored = (await restoredAt(this.database)) !== undefined;
    let newestAt: Date | undefined;
    let taken = 0;
    for await (const part of own.unread()) {
      taken += await this.takeOver(part.events, restored);
      await own.reached([part]);
      if (part.newestAt && (!newestAt || part.newestAt > newestAt)) newestAt = part.newestAt;
    }
    if (taken > 0)
      this.logger.warn(`${String(taken)} touches had come further than the data knew.`);
    if (restored) await this.giveUp(newestAt);
    this.dispatcher.start();
    this.keepingUp = setInterval(() => {
      this.looking = own.reachedEnds().catch((error: unknown) => {
        this.logger.warn(`The own offsets were not stored: ${toError(error).message}`);
      });
    }, KEEP_UP_MS);
    this.keepingUp.unref();
  }

  private async takeOver(events: readonly OwnEvent[], restored: boolean): Promise<number> {
    const touches = [
      ...newestOfTouches(events.filter((event) => event.stream === 'touch')).values(),
    ];
    let taken = 0;
    for (let from = 0; from < touches.length; from += AT_ONCE) {
      const some = touches.slice(from, from + AT_ONCE);
      taken += await this.database.withTransaction((tx) => takeTouches(tx, some, restored));
    }
    const stops = events.flatMap((event) =>
      event.type === 'TouchAnswered' && event.data.stopId !== undefined
        ? [{ id: event.data.stopId, customerId: event.key, at: event.occurredAt }]
        : [],
    );
    const offers = events.flatMap((event) => {
      if (event.type !== 'OfferMade') return [];
      const { touchId, campaignId, cycle } = event.data;
      return touchId === undefined || campaignId === undefined || cycle === undefined
        ? []
        : [{ ...event.data, touchId, campaignId, cycle }];
    });
    await this.database.withTransaction(async (tx) => {
      await customerStore(tx).lockMany([...stops, ...offers].map(({ customerId }) => customerId));
      await readBackStore(tx).keepStops(stops);
      await readBackStore(tx).keepOffers(offers);
    });
    return taken;
  }

  /** Every touch that was due since the newest event becomes unknown. */
  private async giveUp(newestAt: Date | undefined): Promise<void> {
    let given = 0;
    // Where nothing was ever published, nothing has left.
    const since = newestAt && new Date(newestAt.getTime() - SLACK_MS);
    for (let more = since !== undefined; more;) {
      const count = await this.database.withTransaction((tx) => this.giveUpSome(tx, since));
      given += count;
      more = count === AT_ONCE;
    }
    await settleRestored(this.database);
    this.logger.warn(
      `The data was restored: ${String(given)} touches that were due since ${newestAt?.toISOString() ?? 'never'} are unknown.`,
    );
  }

  private async giveUpSome(tx: Transaction, since: Date | undefined): Promise<number> {
    const now = tx.clock.now();
    const due = await readBackStore(tx).dueSince(touchDue, since ?? now, now, AT_ONCE);
    await customerStore(tx).lockKnown([...new Set(due.map(({ customerId }) => customerId))]);
    const touches = await touchStore(tx).find(due.map(({ id }) => id));
    await timers(tx).cancel(
      touchDue,
      touches.map(({ id }) => id),
    );
    await this.ledger.advance(
      tx,
      'TouchUnknown',
      touches.map(({ id, channel }) => ({
        id,
        state: 'unknown',
        reason: 'restored',
        channel,
        sentAt: now,
      })),
    );
    await enrolmentStore(tx).endCompleted(
      touches.map(({ enrolmentId }) => enrolmentId),
      now,
    );
    return due.length;
  }
}

/** Of touches that the log has come further with, takes its word. Answers how many. */
async function takeTouches(
  tx: Transaction,
  events: readonly TouchEvent[],
  restored: boolean,
): Promise<number> {
  const customers = [...new Set(events.map(({ key }) => key))];
  const locked = await customerStore(tx).lockMany(customers);
  // What is unsent after a restore was sent before it, most likely: there the log knows more.
  const ahead = restored ? new Set<string>() : await readBackStore(tx).withUnsent(customers);
  const rows = new Map(
    (await touchStore(tx).find(events.map(({ data }) => data.touchId))).map((row) => [row.id, row]),
  );
  const lacking = events.filter(
    (event) =>
      !ahead.has(event.key) &&
      locked.get(event.key)?.erased !== true &&
      isLacking(event, rows.get(event.data.touchId)),
  );
  if (lacking.length === 0) return 0;
  await readBackStore(tx).takeOver(lacking);
  await timers(tx).cancel(
    touchDue,
    lacking.map(({ data }) => data.touchId),
  );
  await touchHistoryStore(tx).append(
    lacking.map((event) => ({
      touchId: event.data.touchId,
      customerId: event.key,
      at: event.occurredAt,
      state: stateOf(event),
      reason: event.data.reason,
      channel: event.data.channel,
      until: null,
    })),
  );
  await enrolmentStore(tx).endCompleted(
    lacking.map(({ data }) => data.enrolmentId),
    tx.clock.now(),
  );
  return lacking.length;
}
