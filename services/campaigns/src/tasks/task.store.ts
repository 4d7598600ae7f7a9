import { sql, type Transaction } from '@regulars/persistence';
import type { NewTask, Task, TaskState } from './task.js';

const columns = sql`t.id, t.customer_id as "customerId", t.touch_id as "touchId", t.kind, t.script,
  t.due_at as "dueAt", t.state, t.attempt, t.outcome, t.note, t.done_at as "doneAt"`;

/** A task as a list shows it, with whom to reach. */
export interface ListedTask extends Task {
  readonly name: string | null;
  readonly phone: string | null;
}

export const taskStore = (tx: Pick<Transaction, 'query'>) => ({
  async insert(tasks: readonly NewTask[], now: Date): Promise<void> {
    if (tasks.length === 0) return;
    await tx.query(sql`
      insert into tasks (id, customer_id, touch_id, kind, script, due_at, state, attempt, created_at)
      select id, customer_id, touch_id, kind, script, due_at, 'open', attempt, ${now}
      from unnest(${tasks.map((t) => t.id)}::uuid[], ${tasks.map((t) => t.customerId)}::uuid[],
                  ${tasks.map((t) => t.touchId)}::uuid[], ${tasks.map((t) => t.kind)}::text[],
                  ${tasks.map((t) => t.script)}::text[], ${tasks.map((t) => t.dueAt)}::timestamptz[],
                  ${tasks.map((t) => t.attempt)}::integer[])
        as n(id, customer_id, touch_id, kind, script, due_at, attempt)`);
  },

  async find(id: string): Promise<ListedTask | undefined> {
    const [row] = await tx.query<ListedTask>(sql`
      select ${columns}, p.name, p.phone from tasks t left join profiles p on p.customer_id = t.customer_id
      where t.id = ${id}`);
    return row;
  },

  /** By due time; `after` is the last task of the page before. */
  async list(filter: {
    readonly state: TaskState;
    readonly customerId?: string;
    readonly after?: { readonly dueAt: string; readonly id: string };
    readonly limit: number;
  }): Promise<ListedTask[]> {
    const customerId = filter.customerId ?? null;
    const afterDue = filter.after?.dueAt ?? null;
    const afterId = filter.after?.id ?? null;
    return tx.query<ListedTask>(sql`
      select ${columns}, p.name, p.phone from tasks t left join profiles p on p.customer_id = t.customer_id
      where t.state = ${filter.state} and (${customerId}::uuid is null or t.customer_id = ${customerId}::uuid)
        and (${afterDue}::timestamptz is null
             or (t.due_at, t.id) > (${afterDue}::timestamptz, ${afterId}::uuid))
      order by t.due_at, t.id limit ${filter.limit}`);
  },

  async finish(
    id: string,
    done: { readonly outcome: string; readonly by: string | null; readonly note: string | null },
    now: Date,
  ): Promise<void> {
    await tx.query(sql`
      update tasks set state = 'done', outcome = ${done.outcome}, outcome_by = ${done.by}, note = ${done.note},
             done_at = ${now}
      where id = ${id} and state = 'open'`);
  },

  /** Nobody needs to do these any more. */
  async closeOpen(
    customerIds: readonly string[],
    kinds: readonly Task['kind'][],
    now: Date,
  ): Promise<void> {
    if (customerIds.length === 0) return;
    await tx.query(sql`
      update tasks set state = 'closed', done_at = ${now}
      where customer_id = any(${customerIds}::uuid[]) and kind = any(${kinds}::text[]) and state = 'open'`);
  },

  /** A purchase on or after the day on which a task was made: nobody needs to call about it any more. */
  async closeBought(
    newestDay: ReadonlyMap<string, string>,
    companyZone: string,
    now: Date,
  ): Promise<void> {
    await tx.query(sql`
      update tasks t set state = 'closed', outcome = 'bought', done_at = ${now}
      from unnest(${[...newestDay.keys()]}::uuid[], ${[...newestDay.values()]}::date[]) as b(customer_id, day)
      where t.customer_id = b.customer_id and t.state = 'open'
        and (t.created_at at time zone ${companyZone})::date <= b.day`);
  },

  async attemptsOf(touchId: string): Promise<number> {
    const [row] = await tx.query<{ attempts: number }>(sql`
      select count(*) as attempts from tasks where touch_id = ${touchId} and kind = 'touch'`);
    return row?.attempts ?? 0;
  },

  async scriptOf(touchId: string): Promise<string | undefined> {
    const [row] = await tx.query<{ script: string }>(sql`
      select script from tasks where touch_id = ${touchId} and kind = 'touch' order by attempt limit 1`);
    return row?.script;
  },

  async openOfTouch(touchId: string): Promise<Task | undefined> {
    const [row] = await tx.query<Task>(sql`
      select ${columns} from tasks t where t.touch_id = ${touchId} and t.kind = 'touch' and t.state = 'open'`);
    return row;
  },
});
