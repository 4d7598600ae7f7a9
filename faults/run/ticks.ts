import { sql } from '@regulars/persistence';
import { eventually } from '@regulars/testing';
import { raw } from '../../e2e/house/raw.ts';
import type { House } from '../../e2e/house/house.ts';
import { PATIENCE_MS } from './patience.ts';

/**
 * A schedule whose ticks a run can order: prediction's daily look, made due by hand. A trigger writes down each tick
 * that a transaction took, so that what committed is on record and what was rolled back is not.
 */
export class Ticks {
  private readonly ordered: string[] = [];

  constructor(private readonly house: House) {}

  async watch(): Promise<void> {
    for (const statement of [table, see, trigger]) await this.house.rows(raw(statement));
  }

  /** Makes the next tick due in so many milliseconds by the database's clock; answers its name. Whole ones, as services write. */
  async order(inMs: number): Promise<string> {
    const [row] = await this.house.rows(sql`
      update prediction.timers
      set due_at = date_trunc('milliseconds', clock_timestamp()) + ${inMs} * interval '1 millisecond',
          leased_until = null
      where kind = 'refit' and key = 'daily' returning due_at::text as tick`);
    if (!row) throw new Error('The daily look is not set.');
    const tick = String(row['tick']);
    this.ordered.push(tick);
    return tick;
  }

  /** Resolves when the schedule stands at another tick: this one was fired, or was lost. */
  async passed(tick: string, withinMs = PATIENCE_MS): Promise<void> {
    await eventually(
      async () => {
        const standing = await this.house.rows(sql`
          select from prediction.timers
          where kind = 'refit' and key = 'daily' and due_at <> ${tick}::timestamptz`);
        return standing.length > 0;
      },
      { withinMs },
    );
  }

  /** Resolves when the tick is due by the database's clock. */
  async due(tick: string): Promise<void> {
    await eventually(
      async () => {
        const due = await this.house.rows(
          sql`select where clock_timestamp() > ${tick}::timestamptz`,
        );
        return due.length > 0;
      },
      { withinMs: PATIENCE_MS },
    );
  }

  /** Resolves when a transaction that has taken the tick is under way: it was leased, and its row is locked. */
  async beingFired(): Promise<void> {
    await eventually(
      async () => {
        const [leased] = await this.house.rows(sql`
          select leased_until > clock_timestamp() as is from prediction.timers
          where kind = 'refit' and key = 'daily'`);
        if (leased?.['is'] !== true) return false;
        const free = await this.house.rows(sql`
          select from prediction.timers where kind = 'refit' and key = 'daily' for update skip locked`);
        return free.length === 0;
      },
      { withinMs: PATIENCE_MS },
    );
  }

  /** Ticks that were not fired exactly once, and those that nobody ordered. */
  async wrong(): Promise<string[]> {
    const rows = await this.house.rows(
      sql`select tick::text as tick, count(*) from public.fault_ticks group by tick`,
    );
    const fired = new Map(rows.map(({ tick, count }) => [String(tick), Number(count)]));
    return [
      ...this.ordered
        .filter((tick) => fired.get(tick) !== 1)
        .map((tick) => `the tick ${tick} was fired ${String(fired.get(tick) ?? 0)} times`),
      ...[...fired.keys()]
        .filter((tick) => !this.ordered.includes(tick))
        .map((tick) => `the tick ${tick} was fired, and was never due`),
    ];
  }
}

const table = `
  create table public.fault_ticks (
    id bigint generated always as identity primary key, tick timestamptz not null)`;

const see = `
  create function public.fault_tick() returns trigger language plpgsql security definer as $$
  begin
    insert into public.fault_ticks (tick) values (old.due_at);
    return null;
  end $$`;

const trigger = `
  create trigger fault_tick after delete on prediction.timers for each row
  when (old.kind = 'refit' and old.key = 'daily') execute function public.fault_tick()`;
