import { describe, expect, it, jest } from '@jest/globals';
import { sql } from '@regulars/persistence';
import {
  canonicalDump,
  countedDatabase,
  crashEverywhere,
  CrashPoints,
  keepTables,
} from '@regulars/testing/crash';
import { TimerClaimer, type LeasedTimer } from '@regulars/timers';
import { openShop, runCampaign, type Shop } from '../campaigns.kit.spec.js';
import { ChannelCatalog } from '../channels/channel-catalog.provider.js';
import { sent, type OutgoingChannel, type SendPolicy } from '../channels/channel.js';
import { aBuyer } from '../events.kit.spec.js';
import { touchDue } from '../touches/touch-ledger.use-case.js';
import { Dispatcher } from './dispatcher.use-case.js';
import { OnTouchDue } from './on-touch-due.js';
import { Sender } from './sender.use-case.js';

jest.setTimeout(300_000);

const now = '2026-05-20T10:00:00Z';
/** Their paths differ where a send was interrupted: what counts of them is said in `settled`. */
const paths = ['touches', 'touch_changes', 'outbox', 'timers'];

/** Real: Postgres, timers' rows, reservation, dispatch. The provider stands in, and keeps its own truth. */
describe.each<SendPolicy>(['at-most-once', 'at-least-once'])(
  'dispatch over a provider of %s, crashed at any effect',
  (policy) => {
    it('sends each touch as it promises, and finishes it', async () => {
      const points = new CrashPoints();
      const shop = await openShop({ now, through: (db) => countedDatabase(db, points) });
      const provider = new Provider(policy, points);
      const catalog = shop.app.get(ChannelCatalog, { strict: false });
      jest.spyOn(catalog, 'of').mockReturnValue(provider);
      await shop.app.get(TimerClaimer, { strict: false }).stop();
      await shop.app.get(Dispatcher, { strict: false }).stop();
      await runCampaign(shop, {
        trigger: { kind: 'purchase' },
        ladder: [0, 40, 80].map((day) => ({ day, directness: 'presence', channel: 'webhook' })),
      });
      const buyers = Array.from({ length: 3 }, () => aBuyer('2026-05-20'));
      await shop.receive(buyers.flatMap(({ events }) => events));
      const restore = await keepTables(shop.db);

      const { runs, sound, differences } = await crashEverywhere({
        points,
        reset: async () => {
          shop.clock.jumpTo(new Date('2026-05-20T10:00:01Z'));
          provider.received.clear();
          await restore();
        },
        work: () => sendAll(shop),
        outcome: async () => {
          const dump = await canonicalDump(shop.db, new Set(buyers.map((b) => b.customerId)));
          const rest = Object.entries(dump).filter(([table]) => !paths.includes(table));
          return { touches: await settled(shop, provider), rest };
        },
      });
      await shop.close();

      expect(sound).toMatchObject({
        touches: ['1 settled', '2 planned', '3 planned'].flatMap((line) => [line, line, line]),
      });
      expect(differences).toEqual([]);
      expect(runs).toBeGreaterThan(60);
      if (policy === 'at-most-once') expect(provider.most).toBe(1);
    });
  },
);

/** Timers that are due, then what is ready, as claimer and dispatcher do, until nothing is left. */
async function sendAll(shop: Shop): Promise<void> {
  const { app, db, clock } = shop;
  const sender = app.get(Sender, { strict: false });
  // A process that died some time ago: its leases are over.
  await db.query(sql`
    update touches set leased_until = clock_timestamp() - interval '1 second' where leased_until is not null`);
  for (let rounds = 0; rounds < 3; rounds += 1) {
    await fireDue(shop);
    await sender.settleExpired(10);
    // The first one alone, the others together: a batch has points of its own.
    for (let ready = await sender.lease(1); ready.length > 0; ready = await sender.lease(10)) {
      const answered = [];
      for (const reserved of await sender.reserve(ready))
        answered.push({ touch: reserved.touch, result: await sender.call(reserved) });
      await sender.record(answered);
    }
    // What is tried again comes due a minute later.
    clock.jumpTo(new Date(clock.now().getTime() + 5 * 60_000));
  }
}

async function fireDue({ app, db, own, clock }: Shop): Promise<void> {
  const due = await db.query<LeasedTimer>(sql`
    select id, kind, key, due_at as "dueAt", data from timers
    where kind = ${touchDue} and due_at <= ${clock.now()} order by due_at, id`);
  const onTouchDue = app.get(OnTouchDue, { strict: false });
  if (due.length > 0) await own.withTransaction((tx) => onTouchDue.fire(due, tx));
}

/** Sent or unknown, by what the provider has of it; other touches as they are. */
async function settled({ db }: Shop, provider: Provider): Promise<string[]> {
  const touches = await db.query<{ id: string; step: number; state: string }>(
    sql`select id, step, state from touches order by step, id`,
  );
  return touches.map(({ id, step, state }) => {
    const received = provider.received.get(id) ?? 0;
    const known = state === 'sent' && received >= 1;
    const unknown = state === 'unknown' && provider.policy === 'at-most-once';
    return `${String(step)} ${known || unknown ? 'settled' : state}`;
  });
}

/** Accepts everything and counts it by its key. */
class Provider implements OutgoingChannel {
  readonly channel = 'webhook';
  readonly received = new Map<string, number>();
  /** How often any one message has come. */
  most = 0;

  constructor(
    readonly policy: SendPolicy,
    private readonly points: CrashPoints,
  ) {}

  configured(): boolean {
    return true;
  }

  send({ sendKey }: { readonly sendKey: string }) {
    return this.points.around('provider-call', () => {
      const count = (this.received.get(sendKey) ?? 0) + 1;
      this.received.set(sendKey, count);
      this.most = Math.max(this.most, count);
      return Promise.resolve(sent());
    });
  }
}
