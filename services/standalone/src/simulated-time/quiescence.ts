import { topics } from '@regulars/contracts';
import { sql, type Database, type Sql } from '@regulars/persistence';
import type { RunningService } from '@regulars/service';

export interface Standing {
  /** Nothing is due, leased, unsent or unread: time may move. */
  readonly quiet: boolean;
  /** When each service has its next timer after now; undefined for none. In the order of the services. */
  readonly next: readonly (Date | undefined)[];
}

/**
 * One look at the whole house in one statement, so that nothing can pass between two looks: an event is always an
 * outbox row, an unread record, or the effect of a committed batch.
 */
export async function lookAround(
  database: Database,
  services: readonly RunningService[],
  now: Date,
): Promise<Standing> {
  const unsent = services.map(({ name }): Sql => raw(`exists (select 1 from ${name}.outbox)`));
  const due = services.map((service) => sql`exists (${firstOfEachKind(service, sql`<= ${now}`)})`);
  const unread = services.filter((service) => service.consumes().length > 0).map(unreadBy);
  const next = services.map(
    (service) =>
      sql`(select min(due_at) from (${firstOfEachKind(service, sql`> ${now}`)}) as first)`,
  );
  const [row] = await database.query<{ busy: boolean; next: (Date | null)[] }>(sql`
    select ${join([...unsent, ...due, ...unread], ' or ')} as busy,
           array[${join(next, ', ')}]::timestamptz[] as next`);
  return { quiet: row?.busy === false, next: row?.next.map((at) => at ?? undefined) ?? [] };
}

/** By kind, as the index has them: the whole table would be read otherwise. A leased timer is still due. */
function firstOfEachKind({ name, timers }: RunningService, condition: Sql): Sql {
  return sql`
    select first.due_at from unnest(${timers.kinds}::text[]) as own (kind), lateral (
      select due_at from ${raw(`${name}.timers`)} as timers
      where timers.kind = own.kind and due_at ${condition} order by due_at limit 1) as first`;
}

function unreadBy(service: RunningService): Sql {
  const names = service.consumes().map((stream) => topics[stream].name);
  return sql`exists (
    select 1 from regulars_log.partitions
      join regulars_log.topics on topics.id = partitions.topic_id
      left join ${raw(`${service.name}.consumer_positions`)} as position
        on position.consumer = ${service.name} and position.topic = topics.name
           and position.partition = partitions.partition
    where topics.name = any(${names}::text[])
      and partitions.next_offset > coalesce(position.next_offset, 0))`;
}

/** Text of our own constants only: schema names. */
function raw(text: string): Sql {
  const strings = Object.assign([text], { raw: [text] });
  return sql(strings);
}

function join(parts: readonly Sql[], separator: string): Sql {
  return parts.reduce((all, part) => sql`${all}${raw(separator)}${part}`);
}
