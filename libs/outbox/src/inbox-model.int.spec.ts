import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BatchTransaction } from '@regulars/messaging';
import { sql } from '@regulars/persistence';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import { inbox, isNewer, type EventPosition } from './inbox.js';
import { outboxMigrations } from './outbox.migration.js';

/** Real: Postgres. The model is a map from key to the newest position. */
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ service: 'prediction', migrations: outboxMigrations });
  await db.query(
    sql`create table effects (id bigint generated always as identity, event text not null)`,
  );
});
afterAll(() => db.drop());

type Event = EventPosition & { readonly stream: string; readonly key: string };
const nameOf = ({ key, epoch, sequence }: Event) => `${key} ${String(epoch)}.${String(sequence)}`;

interface Model {
  readonly newest: Map<string, EventPosition>;
  readonly effects: string[];
}
interface Consumer {
  /** Its stream: keys of other runs are not its own. */
  readonly stream: string;
}

/** A batch comes, whatever came before; its transaction commits, or the process dies first. */
class Delivery implements fc.AsyncCommand<Model, Consumer> {
  constructor(
    private readonly events: readonly Omit<Event, 'stream'>[],
    private readonly end: 'commit' | 'crash' | 'redrive',
  ) {}

  check = () => true;

  async run(model: Model, { stream }: Consumer): Promise<void> {
    const events = this.events.map((event) => ({ ...event, stream }));
    if (this.end !== 'crash') this.foresee(model, events);
    await deliver(events, this.end);
    expect(await effectsOf(stream)).toEqual(model.effects);
  }

  toString = () =>
    `${this.end} of [${this.events.map((e) => nameOf({ ...e, stream: '' })).join()}]`;

  private foresee({ newest, effects }: Model, events: readonly Event[]): void {
    for (const event of events) {
      const before = newest.get(event.key);
      const newer = before === undefined || isNewer(event, before);
      if (newer) newest.set(event.key, event);
      if (newer || this.end === 'redrive') effects.push(nameOf(event));
    }
  }
}

class Crash extends Error {}

async function deliver(events: readonly Event[], end: string): Promise<void> {
  const work = db.withTransaction(async (tx) => {
    const batch: BatchTransaction = {
      ...tx,
      group: 'prediction',
      redriving: end === 'redrive',
      note: () => undefined,
    };
    const fresh = await inbox(batch).takeFresh(events);
    const rows = fresh.map((event) => `${event.stream} ${nameOf(event)}`);
    await tx.query(sql`
      insert into effects (event)
      select event from unnest(${rows}::text[]) with ordinality as row (event, at) order by at`);
    if (end === 'crash') throw new Crash();
  });
  await work.catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error;
  });
}

async function effectsOf(stream: string): Promise<string[]> {
  const rows = await db.query<{ event: string }>(
    sql`select event from effects where event like ${`${stream} %`} order by id`,
  );
  return rows.map(({ event }) => event.slice(stream.length + 1));
}

const anEvent = fc.record({
  key: fc.constantFrom('anna', 'ben', 'cleo'),
  epoch: fc.integer({ min: 1, max: 3 }),
  sequence: fc.integer({ min: 1, max: 8 }),
});
const aDelivery = fc
  .tuple(
    fc.array(anEvent, { minLength: 1, maxLength: 6 }),
    fc.constantFrom<'commit' | 'crash' | 'redrive'>('commit', 'commit', 'crash', 'redrive'),
  )
  .map(([events, end]) => new Delivery(events, end));

let runs = 0;

it('the inbox does as its model does: newer once, redriven always, crashed never', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.commands([aDelivery], { maxCommands: 15, size: 'max' }),
      async (commands) => {
        runs += 1;
        const stream = `run-${String(runs)}`;
        const model: Model = { newest: new Map(), effects: [] };
        await fc.asyncModelRun(() => ({ model, real: { stream } }), commands);
      },
    ),
    { numRuns: 40 },
  );
});
