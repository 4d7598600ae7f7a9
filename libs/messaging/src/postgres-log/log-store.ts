import { array, sql, type Database, type Sql } from '@regulars/persistence';
import type { LogRecord, PartitionOffset, TopicPartition, TopicSpec } from '../event-log.js';
import { decodeHeaders } from './record-codec.js';

export interface LogTopic {
  readonly id: number;
  readonly name: string;
  readonly partitions: number;
  readonly compact: boolean;
  readonly maxMessageBytes: number;
}

/** A record on its way into the tables. */
export interface Append {
  readonly topicId: number;
  readonly partition: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: string;
  readonly epoch: bigint | undefined;
  readonly sequence: bigint | undefined;
}

/** Where a row of an outbox goes. */
export interface Place {
  readonly sequence: number;
  readonly topicId: number;
  readonly partition: number;
}

/** Where a partition can be read: from `start` to before `end`. */
export interface PartitionRange extends TopicPartition {
  readonly topicId: number;
  readonly start: bigint;
  readonly end: bigint;
}

export interface Wanted {
  readonly topic: LogTopic;
  readonly partition: number;
  readonly position: bigint;
}

export interface Fetched extends TopicPartition {
  readonly records: readonly LogRecord[];
  readonly nextOffset: bigint;
  readonly end: bigint;
}

/** Kafka's default limit of a message. */
const DEFAULT_MAX_BYTES = 1_048_576;

/** The tables of the log. Offsets cross as text: they are bigint in the port. */
export const logStore = (database: Pick<Database, 'query'>) => ({
  async makeTopics(specs: readonly TopicSpec[]): Promise<void> {
    await database.query(sql`
      with made as (
        insert into topics (name, partitions, compact, retention_ms, max_compaction_lag_ms, max_message_bytes)
        select * from unnest(
          ${specs.map(({ name }) => name)}::text[],
          ${specs.map(({ partitions }) => partitions)}::int[],
          ${specs.map(({ cleanup }) => cleanup === 'compact')}::boolean[],
          ${specs.map(({ retentionMs }) => retentionMs ?? null)}::bigint[],
          ${specs.map(({ maxCompactionLagMs }) => maxCompactionLagMs ?? null)}::bigint[],
          ${specs.map(({ maxMessageBytes }) => maxMessageBytes ?? DEFAULT_MAX_BYTES)}::int[])
        on conflict (name) do nothing returning id, partitions)
      insert into partitions (topic_id, partition)
      select id, partition from made, generate_series(0, partitions - 1) as partition`);
  },

  async topics(names: readonly string[]): Promise<LogTopic[]> {
    return database.query<LogTopic>(sql`
      select id, name, partitions, compact, max_message_bytes as "maxMessageBytes"
      from topics where name = any(${names}::text[])`);
  },

  async append(records: readonly Append[]): Promise<void> {
    await database.query(sql`
      select append_records(
        ${array.plain(records.map(({ topicId }) => topicId))}::int[],
        ${array.plain(records.map(({ partition }) => partition))}::int[],
        ${array.bytes(records.map(({ key }) => key))}::bytea[],
        ${array.bytes(records.map(({ value }) => value))}::bytea[],
        ${array.text(records.map(({ headers }) => headers))}::text[]::json[],
        ${array.plain(records.map(({ epoch }) => epoch ?? null))}::bigint[],
        ${array.plain(records.map(({ sequence }) => sequence ?? null))}::bigint[])`);
  },

  /** `removing`: as {@link RowMover.move} says. Headers are those that a sent record has, and look like them. */
  async appendRemoved(removing: Sql, places: readonly Place[]): Promise<void> {
    await database.query(sql`
      ${removing}
      select append_records(array_agg(topic_id), array_agg(partition), array_agg(key), array_agg(value),
        array_agg(('{"type":' || to_json(type)::text || ',"version":"' || version || '","id":"' || id || '","epoch":"'
          || epoch || '","sequence":"' || sequence || '"' || coalesce(',"trace":' || to_json(trace)::text, '')
          || '}')::json),
        array_agg(epoch), array_agg(sequence))
      from (
        select * from removed
        join unnest(${array.plain(places.map(({ sequence }) => sequence))}::bigint[],
                    ${array.plain(places.map(({ topicId }) => topicId))}::int[],
                    ${array.plain(places.map(({ partition }) => partition))}::int[])
          as place (sequence, topic_id, partition) using (sequence)
        order by sequence) as row`);
  },

  async ranges(names: readonly string[]): Promise<PartitionRange[]> {
    const rows = await database.query<RangeRow>(sql`
      select id as "topicId", name as topic, partition, start_offset::text as start, next_offset::text as end
      from partitions join topics on topics.id = topic_id
      where name = any(${names}::text[]) order by topic_id, partition`);
    return rows.map((row) => ({ ...row, start: BigInt(row.start), end: BigInt(row.end) }));
  },

  /**
   * The next records of several partitions in one look. One snapshot for records and ends: what lies between the
   * last record and the end was compacted away, and the offset after the batch covers it.
   */
  async fetch(wanted: readonly Wanted[], maxRecords: number, maxBytes: number): Promise<Fetched[]> {
    const rows = await database.query<RecordRow>(sql`
      select (w.ordinal - 1)::int as at, p.next_offset::text as end, r."offset"::text as offset,
        r.key, r.value, r.headers, r.appended_at as "appendedAt", r.bytes >= ${maxBytes} as full
      from unnest(${wanted.map(({ topic }) => topic.id)}::int[],
                  ${wanted.map(({ partition }) => partition)}::int[],
                  ${wanted.map(({ position }) => position.toString())}::bigint[])
        with ordinality as w (topic_id, partition, position, ordinal)
      join partitions p on p.topic_id = w.topic_id and p.partition = w.partition
      left join lateral (
        select * from (
          select "offset", key, value, headers, appended_at, coalesce(octet_length(value), 0) as size,
            sum(coalesce(octet_length(value), 0)) over (order by "offset") as bytes
          from records
          where topic_id = w.topic_id and partition = w.partition and "offset" >= w.position
          order by "offset" limit ${maxRecords}) as next
        where bytes - size < ${maxBytes}) as r on true
      order by w.ordinal, r."offset"`);
    return [...Map.groupBy(rows, ({ at }) => at)].flatMap(([at, found]) => {
      const source = wanted[at];
      return source ? [toFetched(source, found, maxRecords)] : [];
    });
  },

  async groupOffsets(group: string, names: readonly string[]): Promise<PartitionOffset[]> {
    const rows = await database.query<{ topic: string; partition: number; offset: string }>(sql`
      select name as topic, partition, next_offset::text as offset
      from group_offsets join topics on topics.id = topic_id
      where consumer_group = ${group} and name = any(${names}::text[])`);
    return rows.map((row) => ({ ...row, offset: BigInt(row.offset) }));
  },

  /** The second record of a group's progress: the first is stored with the effects, so losing this costs a repetition. */
  async commitOffsets(group: string, offsets: readonly PartitionOffset[]): Promise<void> {
    await database.query(sql`
      insert into group_offsets (consumer_group, topic_id, partition, next_offset)
      select ${group}, topics.id, partition, next_offset
      from unnest(${offsets.map(({ topic }) => topic)}::text[],
                  ${offsets.map(({ partition }) => partition)}::int[],
                  ${offsets.map(({ offset }) => offset.toString())}::bigint[])
        as reached (topic, partition, next_offset)
      join topics on topics.name = reached.topic
      order by topics.id, partition
      on conflict (consumer_group, topic_id, partition) do update set next_offset = excluded.next_offset`);
  },
});

interface RangeRow extends TopicPartition {
  readonly topicId: number;
  readonly start: string;
  readonly end: string;
}

interface RecordRow {
  readonly at: number;
  readonly end: string;
  /** null: the partition has nothing from the position on. */
  readonly offset: string | null;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, string>;
  readonly appendedAt: Date;
  readonly full: boolean;
}

function toFetched(
  { topic, partition }: Wanted,
  rows: readonly RecordRow[],
  maxRecords: number,
): Fetched {
  const records = rows.flatMap(({ offset, key, value, headers, appendedAt }) =>
    offset === null
      ? []
      : [
          {
            topic: topic.name,
            partition,
            offset: BigInt(offset),
            key,
            value,
            headers: decodeHeaders(headers),
            timestamp: appendedAt,
          },
        ],
  );
  const end = BigInt(rows[0]?.end ?? 0);
  const last = records.at(-1);
  const cut = last !== undefined && (records.length === maxRecords || rows.at(-1)?.full === true);
  return { topic: topic.name, partition, records, end, nextOffset: cut ? last.offset + 1n : end };
}
