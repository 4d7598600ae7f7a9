import type { Day } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import type { AgendaRow } from './agenda.js';

export interface AgendaPage {
  /** Contact day at the latest. */
  readonly until: Day;
  readonly today: Day;
  /** Money of one currency only can be compared: the company's comes first, the others by their names. */
  readonly companyCurrency: string;
  readonly after: { readonly currency: string; readonly spend: number; readonly id: string } | null;
  readonly limit: number;
}

export const agendaStore = (reader: Pick<Transaction, 'query'>) => ({
  /**
   * Most valuable first. Everybody whose day comes until then, or is past and not lost; a `regular` or `periodic`
   * customer without any date too: none of them is without a next contact day.
   */
  async page({ until, today, companyCurrency, after, limit }: AgendaPage): Promise<AgendaRow[]> {
    return reader.query<AgendaRow>(sql`
      with due as (
        select c.id, c.segment, c.consents, coalesce(nullif(f.currency, ${companyCurrency}), '') as money, f.due_day, f.cycle_days, f.basis, f.last_purchase_day, f.currency,
               f.expected_value_minor, a.day as agreed_day, a.hour as agreed_hour, a.who_acts,
               coalesce(a.day, f.contact_day,
                        case when c.segment in ('regular', 'periodic') then ${today}::date end) as contact_day
        from customers c
        left join forecasts f on f.customer_id = c.id and f.standing
        left join agreements a on a.customer_id = c.id and a.state = 'open'
        where c.erased_at is null and c.merged_into is null
          and (a.day is not null
               or (coalesce(c.segment, 'new') <> 'lost' and (f.lost_day is null or f.lost_day > ${today}::date)))
      ), page as (
        select * from due
        where contact_day <= ${until}::date
          and (${after?.spend ?? null}::bigint is null
               or (money, -coalesce(expected_value_minor, 0), id)
                  > (${after?.currency ?? null}::text, -${after?.spend ?? null}::bigint, ${after?.id ?? null}::uuid))
        order by money, coalesce(expected_value_minor, 0) desc, id limit ${limit}
      )
      select d.id as "customerId", p.name, p.phone, p.email, d.segment, d.contact_day as "contactDay",
             d.due_day as "dueDay", d.cycle_days as "cycleDays", d.basis, d.last_purchase_day as "lastPurchaseDay",
             d.agreed_day as "agreedDay", d.agreed_hour as "agreedHour", d.who_acts as "whoActs",
             coalesce(next.channel, p.preferred_channel) as channel, next.due_at as "nextTouchAt",
             last.sent_at as "lastContactAt", last.channel as "lastContactChannel",
             d.expected_value_minor as "expectedSpendMinor", d.currency,
             d.consents, coalesce(stop.standing, false) as "stopStanding", stop.last as "lastStopAt"
      from page d
      left join profiles p on p.customer_id = d.id
      left join lateral (select channel, due_at from touches t
                         where t.customer_id = d.id and t.state in ('planned', 'deferred')
                         order by due_at limit 1) next on true
      left join lateral (select channel, sent_at from touches t
                         where t.customer_id = d.id and t.sent_at is not null
                         order by sent_at desc limit 1) last on true
      left join lateral (select bool_or(s.settled_at is null) as standing, max(s.from_at) as last
                         from suppressions s where s.customer_id = d.id) stop on true
      order by d.money, coalesce(d.expected_value_minor, 0) desc, d.id`);
  },
});
