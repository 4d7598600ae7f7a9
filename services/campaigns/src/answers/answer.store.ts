import { newId } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import type { TouchState } from '../touches/touch.js';
import type { Answer } from './answer.js';

export interface StoredAnswer {
  readonly touchId: string;
  readonly answer: string;
  readonly reason: string | null;
  readonly note: string | null;
  readonly answeredAt: Date;
}

export const answerStore = (tx: Pick<Transaction, 'query'>) => ({
  async insert(customerId: string, touchId: string, answer: Answer, now: Date): Promise<void> {
    await tx.query(sql`
      insert into answers (id, customer_id, touch_id, answer, reason, note, answered_at)
      values (${newId()}, ${customerId}, ${touchId}, ${answer.kind}, ${answer.reason ?? null},
              ${answer.note ?? null}, ${now})`);
  },

  async of(touchIds: readonly string[]): Promise<StoredAnswer[]> {
    return tx.query<StoredAnswer>(sql`
      select touch_id as "touchId", answer, reason, note, answered_at as "answeredAt" from answers
      where touch_id = any(${touchIds}::uuid[]) order by touch_id, id`);
  },

  /** A touch that had left becomes `answered`; one that had not keeps its state until its ladder ends. */
  async markTouch(touchId: string, answer: Answer, state: TouchState): Promise<void> {
    await tx.query(sql`
      update touches set answer = ${answer.kind}, state = ${state}, leased_until = null where id = ${touchId}`);
  },
});

/** Suppressions by a stop: each stands until the consent record agrees with it. */
export const suppressionStore = (tx: Pick<Transaction, 'query'>) => ({
  /** The stop that stands already, or this one. */
  async stop(id: string, customerId: string, now: Date): Promise<string> {
    const [standing] = await tx.query<{ id: string }>(sql`
      select id from suppressions where customer_id = ${customerId} and settled_at is null`);
    if (standing) return standing.id;
    await tx.query(sql`
      insert into suppressions (id, customer_id, reason, from_at) values (${id}, ${customerId}, 'stop', ${now})`);
    return id;
  },

  async settle(ids: readonly string[], now: Date): Promise<void> {
    if (ids.length === 0) return;
    await tx.query(sql`
      update suppressions set settled_at = ${now} where id = any(${ids}::uuid[]) and settled_at is null`);
  },
});
