import { topics } from '@regulars/contracts';
import { sql, type Database, type Sql } from '@regulars/persistence';
import type { RunningService } from '@regulars/service';

export interface Standing {
  /** Nothing is due, leased, unsent or unread: time may move. */
  readonly quiet: boolean;
  /** The next timer of any service after now. */
  readonly nextDueAt: Date | undefined;
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
  const due = services.map(
    ({ name }): Sql => sql`exists (select 1 from ${raw(`${name}.timers`)}
      where due_at <= ${now} or leased_until > clock_timestamp())`,
  );
  const unread = services
    .filter((service) => service.consumes().length > 0)
    .map(
      (service): Sql => sql`exists (
        select 1 from regulars_log.partitions
          join regulars_log.topics on topics.id = partitions.topic_id
          left join ${raw(`${service.name}.consumer_positions`)} as position
            on position.consumer = ${service.name} and position.topic = topics.name
               and position.partition = partitions.partition
        where topics.name = any(${service.consumes().map((stream) => topics[stream].name)}::text[])
          and partitions.next_offset > coalesce(position.next_offset, 0))`,
    );
  const next = services.map(
    ({ name }): Sql =>
      sql`(select min(due_at) from ${raw(`${name}.timers`)} where due_at > ${now})`,
  );
  const [row] = await database.query<{ busy: boolean; next: Date | null }>(sql`
    select ${join([...unsent, ...due, ...unread], ' or ')} as busy,
           least(${join(next, ', ')}) as next`);
  return { quiet: row?.busy === false, nextDueAt: row?.next ?? undefined };
}

/** Text of our own constants only: schema names. */
function raw(text: string): Sql {
  const strings = Object.assign([text], { raw: [text] });
  return sql(strings);
}

function join(parts: readonly Sql[], separator: string): Sql {
  return parts.reduce((all, part) => sql`${all}${raw(separator)}${part}`);
}
