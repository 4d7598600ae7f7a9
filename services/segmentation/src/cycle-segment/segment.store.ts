import type { LostKind } from '@regulars/contracts';
import { newId } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import type { CustomerState, LastForecast } from './customer-state.js';
import type { Membership } from './membership.js';
import type { RecordedMove } from './segment-changed.js';

interface StateRow {
  customerId: string;
  erased: boolean;
  epoch: number | null;
  sequence: number | null;
  basedOnEpoch: number | null;
  basedOnSequence: number | null;
  facts: LastForecast['facts'] | null;
  segment: Membership['segment'] | null;
  lostKind: LostKind | null;
  sinceDay: string;
  cause: Membership['cause'];
  inputs: Membership['inputs'];
  modelVersion: string | null;
}

/** What decides segments, and the decisions. */
export const segmentStore = (tx: Transaction) => ({
  /** Makes missing customers, locks all in id order, and then reads what was decided of them. */
  async lockMany(customerIds: readonly string[]): Promise<Map<string, CustomerState>> {
    const ids = [...new Set(customerIds)].sort();
    if (ids.length === 0) return new Map();
    await tx.query(sql`
      insert into customers (customer_id) select unnest(${ids}::uuid[]) on conflict do nothing`);
    await tx.query(sql`
      select customer_id from customers where customer_id = any(${ids}::uuid[])
      order by customer_id for update`);
    const rows = await tx.query<StateRow>(sql`
      select c.customer_id as "customerId", c.erased_at is not null as erased,
             f.epoch, f.sequence, f.based_on_epoch as "basedOnEpoch",
             f.based_on_sequence as "basedOnSequence", f.facts,
             m.segment, m.lost_kind as "lostKind", m.since_day as "sinceDay", m.cause, m.inputs,
             m.model_version as "modelVersion"
      from customers c
      left join forecasts f using (customer_id)
      left join memberships m using (customer_id)
      where c.customer_id = any(${ids}::uuid[])`);
    return new Map(rows.map((row) => [row.customerId, toState(row)]));
  },

  /** Writes forecasts and memberships of locked customers as they now stand. */
  async save(states: readonly CustomerState[]): Promise<void> {
    await saveForecasts(tx, states);
    await saveMemberships(tx, states);
  },

  async addChanges(moves: readonly RecordedMove[]): Promise<void> {
    if (moves.length === 0) return;
    await tx.query(sql`
      insert into segment_changes
        (id, customer_id, from_segment, to_segment, lost_kind, cause, day, decided_at, inputs, model_version)
      select * from unnest(
        ${moves.map(() => newId())}::uuid[], ${moves.map((move) => move.customerId)}::uuid[],
        ${moves.map((move) => move.from ?? null)}::text[], ${moves.map((move) => move.to.segment)}::text[],
        ${moves.map((move) => move.to.lostKind ?? null)}::text[], ${moves.map((move) => move.to.cause)}::text[],
        ${moves.map((move) => move.to.sinceDay)}::date[], ${moves.map((move) => move.decidedAt)}::timestamptz[],
        ${moves.map((move) => JSON.stringify(move.to.inputs))}::jsonb[],
        ${moves.map((move) => move.to.modelVersion ?? null)}::text[])`);
  },
});

async function saveForecasts(tx: Transaction, states: readonly CustomerState[]): Promise<void> {
  const rows = states.flatMap(({ customerId, forecast }) =>
    forecast === undefined ? [] : [{ customerId, ...forecast }],
  );
  if (rows.length === 0) return;
  await tx.query(sql`
    insert into forecasts (customer_id, epoch, sequence, based_on_epoch, based_on_sequence, facts)
    select * from unnest(
      ${rows.map((row) => row.customerId)}::uuid[],
      ${rows.map((row) => row.at.epoch)}::bigint[], ${rows.map((row) => row.at.sequence)}::bigint[],
      ${rows.map((row) => row.basedOn.epoch)}::bigint[], ${rows.map((row) => row.basedOn.sequence)}::bigint[],
      ${rows.map((row) => JSON.stringify(row.facts))}::jsonb[])
    on conflict (customer_id) do update set
      epoch = excluded.epoch, sequence = excluded.sequence, based_on_epoch = excluded.based_on_epoch,
      based_on_sequence = excluded.based_on_sequence, facts = excluded.facts`);
}

async function saveMemberships(tx: Transaction, states: readonly CustomerState[]): Promise<void> {
  const rows = states.flatMap(({ customerId, membership }) =>
    membership === undefined ? [] : [{ customerId, ...membership }],
  );
  if (rows.length === 0) return;
  await tx.query(sql`
    insert into memberships (customer_id, segment, lost_kind, since_day, cause, inputs, model_version)
    select * from unnest(
      ${rows.map((row) => row.customerId)}::uuid[], ${rows.map((row) => row.segment)}::text[],
      ${rows.map((row) => row.lostKind ?? null)}::text[], ${rows.map((row) => row.sinceDay)}::date[],
      ${rows.map((row) => row.cause)}::text[], ${rows.map((row) => JSON.stringify(row.inputs))}::jsonb[],
      ${rows.map((row) => row.modelVersion ?? null)}::text[])
    on conflict (customer_id) do update set
      segment = excluded.segment, lost_kind = excluded.lost_kind, since_day = excluded.since_day,
      cause = excluded.cause, inputs = excluded.inputs, model_version = excluded.model_version`);
}

function toState(row: StateRow): CustomerState {
  const { customerId, erased, epoch, sequence, basedOnEpoch, basedOnSequence, facts } = row;
  const { segment, lostKind, sinceDay, cause, inputs, modelVersion } = row;
  const forecast =
    facts === null || epoch === null || sequence === null
      ? {}
      : {
          forecast: {
            at: { epoch, sequence },
            basedOn: { epoch: basedOnEpoch ?? 0, sequence: basedOnSequence ?? 0 },
            facts,
          },
        };
  const membership =
    segment === null
      ? {}
      : {
          membership: {
            segment,
            sinceDay,
            cause,
            inputs,
            ...(lostKind === null ? {} : { lostKind }),
            ...(modelVersion === null ? {} : { modelVersion }),
          },
        };
  return { customerId, erased, ...forecast, ...membership };
}
