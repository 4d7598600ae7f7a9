import type { Balance, Gap } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import type { TouchState } from './touch.js';

interface Row {
  readonly channel: string;
  readonly planned: number;
  readonly counts: Readonly<Partial<Record<TouchState, number>>>;
  readonly lost: number;
  readonly unplanned: number;
  readonly unrecorded: number;
}

/**
 * Touches planned = captured + sent + skipped + failed + unknown + deferred + pending, per channel. What was planned is
 * counted in the history, what became of it in the ledger: both are written in one transaction, so neither can change
 * without the other. Reads both whole, by one statement.
 */
export async function touchBalances(database: Pick<Transaction, 'query'>): Promise<Balance[]> {
  const rows = await database.query<Row>(sql`
    with told as (
      -- An answer is told of touches that have not left, too: those keep their state.
      select touch_id, (array_agg(channel order by id desc))[1] as channel,
             (array_agg(state order by id desc) filter (where state <> 'answered'))[1] as state,
             bool_or(state = 'answered') as answered
      from touch_changes group by touch_id),
    seen as (
      select coalesce(t.channel, told.channel) as channel, t.state, told.touch_id is not null as planned,
        case when t.id is null then 'lost' when told.touch_id is null then 'unplanned'
             when t.state <> told.state and not (t.state = 'answered' and told.answered) then 'unrecorded' end as gap
      from told full join touches t on t.id = told.touch_id),
    states as (
      select channel, json_object_agg(state, count) as counts
      from (select channel, state, count(*) as count from seen where state is not null group by channel, state) s
      group by channel)
    select channel, count(*) filter (where planned) as planned, coalesce(min(counts::text)::json, '{}') as counts,
           count(*) filter (where gap = 'lost') as lost, count(*) filter (where gap = 'unplanned') as unplanned,
           count(*) filter (where gap = 'unrecorded') as unrecorded
    from seen left join states using (channel) group by channel order by channel`);
  return rows.map(balanceOf);
}

function balanceOf({ channel, planned, counts, ...found }: Row): Balance {
  const of = (...states: TouchState[]): number =>
    states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  return {
    sum: 'touches',
    of: channel,
    whole: planned,
    parts: {
      captured: of('captured'),
      sent: of('sent', 'delivered', 'answered'),
      skipped: of('skipped'),
      failed: of('failed'),
      unknown: of('unknown'),
      deferred: of('deferred'),
      pending: of('planned', 'sending'),
    },
    gaps: [
      ...gap(found.lost, 'planned by the history, and not in the ledger'),
      ...gap(-found.unplanned, 'in the ledger, and never planned by the history'),
      ...gap(found.unrecorded, 'in a state that no record tells of'),
    ],
  };
}

const gap = (records: number, finding: string): Gap[] =>
  records === 0 ? [] : [{ records, finding: `${String(Math.abs(records))} touches ${finding}` }];
