import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { NewEvent, NewTombstone } from '@regulars/contracts';
import { newId } from '@regulars/kernel';
import { outbox, outboxMigrations } from '@regulars/outbox';
import { Database, sql, type Transaction } from '@regulars/persistence';
import type { Dice } from '@regulars/testing';
import type { Operation } from '../checker/history.ts';

export const schema = 'ingestion';
const CUSTOMERS = 50;
const WRITERS = 16;
const names = Array.from({ length: CUSTOMERS }, (_, index) => `customer-${String(index)}`);

class ChangedMyMind extends Error {}

interface Locked {
  readonly name: string;
  readonly number: number;
}

/**
 * The service of a storm: sixteen writers whose transactions lock one to four customers, wait, write events of theirs,
 * wait again and now and then think better of it. `number` counts a customer's events.
 */
export class Shop {
  readonly operations: Operation[] = [];

  private constructor(readonly database: Database) {}

  static async open(url: string): Promise<Shop> {
    const database = await Database.connect({
      url,
      schema,
      service: 'ingestion',
      migrations: outboxMigrations,
      poolSize: WRITERS + 4,
    });
    await database.migrate();
    await database.query(sql`create table requests (id text primary key)`);
    await database.query(sql`
      create table customers (name text primary key, number bigint not null default 0, profile bigint)`);
    await database.query(
      sql`insert into customers (name) select name from unnest(${names}::text[]) as new (name)`,
    );
    return new Shop(database);
  }

  async writeUntil(enough: AbortSignal, diceOf: (writer: number) => Dice): Promise<void> {
    await Promise.all(
      Array.from({ length: WRITERS }, async (_, writer) => {
        const dice = diceOf(writer);
        for (let turn = 0; !enough.aborted; turn += 1)
          await this.write(`w${String(writer)}-${String(turn)}`, dice);
      }),
    );
  }

  /** One transaction. What it asked for counts per customer. */
  private async write(request: string, dice: Dice): Promise<void> {
    const customers = dice.some(names, dice.between(1, 4));
    const keyOf = (name: string) => `${request}-${name}`;
    const on = { commit: false };
    let end: Operation['end'] = 'ok';
    try {
      await this.database.withTransaction(async (tx) => {
        // The transaction's id is drawn here, long before the customers are locked, as by a stored idempotency key.
        await tx.query(sql`insert into requests (id) values (${request})`);
        await pause(dice.between(0, 10));
        const locked = await lock(tx, customers);
        await pause(dice.between(0, 5));
        await outbox(tx).add(locked.map((customer) => purchase(customer, keyOf(customer.name))));
        const [first] = locked;
        if (first && dice.chance(0.3)) await profile(tx, first, dice.chance(0.25));
        await pause(dice.chance(0.01) ? dice.between(300, 1_000) : dice.between(0, 10));
        if (dice.chance(0.1)) throw new ChangedMyMind();
        on.commit = true;
      });
    } catch {
      end = on.commit ? 'info' : 'fail';
    }
    for (const customer of customers)
      this.operations.push({ key: keyOf(customer), kind: 'purchase', customer, end });
  }

  /** How many events were committed, and a hash of what the compacted topic must end with. */
  async truth(): Promise<{ events: number; profiles: string }> {
    const rows = await this.database.query<Locked & { profile: number | null }>(
      sql`select name, number, profile from customers order by name collate "C"`,
    );
    return {
      events: rows.reduce((sum, { number }) => sum + number, 0),
      profiles: hashOf(rows.flatMap(({ name, profile: at }) => (at === null ? [] : [[name, at]]))),
    };
  }
}

/** By id, in a statement before the outbox insert: so that sequences rise in the order of commits. */
async function lock(tx: Transaction, customers: readonly string[]): Promise<Locked[]> {
  await tx.query(sql`
    select name from customers where name = any(${customers}::text[]) order by name for update`);
  return tx.query<Locked>(sql`
    update customers set number = number + 1 where name = any(${customers}::text[])
    returning name, number`);
}

async function profile(tx: Transaction, { name, number }: Locked, erased: boolean): Promise<void> {
  await tx.query(
    sql`update customers set profile = ${erased ? null : number} where name = ${name}`,
  );
  await outbox(tx).add([erased ? tombstone(name) : state(name, number)]);
}

const tombstone = (key: string): NewTombstone => ({ stream: 'product', type: 'Tombstone', key });

/** Products have the smallest schema among what is compacted. */
const state = (key: string, number: number): NewEvent => ({
  stream: 'product',
  type: 'ProductChanged',
  key,
  occurredAt: new Date(),
  data: { productId: key, titles: { en: String(number) }, goesWith: [] },
});

const purchase = ({ name, number }: Locked, orderId: string): NewEvent => ({
  stream: 'purchase',
  type: 'PurchaseRecorded',
  key: name,
  occurredAt: new Date(),
  data: {
    purchaseId: newId(),
    customerId: newId(),
    source: 'storm',
    orderId,
    revision: number,
    purchaseDay: '2026-03-29',
    purchasedAt: '2026-03-29T00:00:00Z',
    currency: 'EUR',
    totalMinor: 100,
    refundedMinor: 0,
    fullyRefunded: false,
    lines: [],
    imported: false,
  },
});

export function hashOf(profiles: readonly (readonly (string | number)[])[]): string {
  return createHash('sha256').update(JSON.stringify(profiles)).digest('hex').slice(0, 16);
}
