import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Offsets are drawn under the lock of their partition's row, so that per partition they become visible in order and
 * without holes that fill later. Topics that keep only the latest record of a key have one row per key: a newer
 * record moves it to its own offset, one that is not newer is dropped (a relay that was paused could otherwise put
 * an old profile back after its tombstone).
 */
export class PostgresLogInit1764000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table topics (
        id integer generated always as identity,
        name text not null,
        partitions integer not null,
        compact boolean not null,
        retention_ms bigint,
        max_compaction_lag_ms bigint,
        max_message_bytes integer not null,
        constraint topics_pkey primary key (id),
        constraint topics_name unique (name)
      )`);
    // Updated by every append: room on the page keeps the updates there.
    await runner.query(`
      create table partitions (
        topic_id integer not null references topics (id),
        partition integer not null,
        start_offset bigint not null default 0,
        next_offset bigint not null default 0,
        constraint partitions_pkey primary key (topic_id, partition)
      ) with (fillfactor = 20)`);
    await runner.query(`
      create table records (
        topic_id integer not null,
        partition integer not null,
        "offset" bigint not null,
        key bytea,
        value bytea,
        headers json not null,
        epoch bigint,
        sequence bigint,
        compact boolean not null,
        appended_at timestamptz not null,
        constraint records_pkey primary key (topic_id, partition, "offset")
      )`);
    await runner.query(
      `create unique index records_latest on records (topic_id, key) where compact`,
    );
    await runner.query(
      `create index records_tombstones on records (topic_id, appended_at) where compact and value is null`,
    );
    await runner.query(`
      create table group_offsets (
        consumer_group text not null,
        topic_id integer not null references topics (id),
        partition integer not null,
        next_offset bigint not null,
        constraint group_offsets_pkey primary key (consumer_group, topic_id, partition)
      ) with (fillfactor = 50)`);
    await runner.query(APPEND);
  }

  down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

/**
 * A function, so that an append is one round trip and the partitions are locked as short as can be. Its statements
 * see what was committed before they began (READ COMMITTED): the second one sees everything up to the locks.
 * Arrays run in step, one element per record; compact topics name a key once. Tells listeners the new ends.
 */
const APPEND = `
create function append_records(
  topic_ids integer[], partition_numbers integer[], keys bytea[], vals bytea[], heads json[],
  epochs bigint[], sequences bigint[]
) returns void language plpgsql as $$
declare ends text;
begin
  perform from partitions
  where (topic_id, partition) in (select * from unnest(topic_ids, partition_numbers))
  order by topic_id, partition for update;

  with incoming as (
    select * from unnest(topic_ids, partition_numbers, keys, vals, heads, epochs, sequences)
      with ordinality as r (topic_id, partition, key, value, headers, epoch, sequence, position)),
  fresh as (
    select i.*, t.compact,
      p.next_offset - 1 + row_number() over (partition by i.topic_id, i.partition order by i.position) as "offset"
    from incoming i
    join topics t on t.id = i.topic_id
    join partitions p using (topic_id, partition)
    where not (t.compact and exists (
      select from records held
      where held.compact and held.topic_id = i.topic_id and held.key = i.key
        and (held.epoch, held.sequence) >= (i.epoch, i.sequence)))),
  written as (
    insert into records (topic_id, partition, "offset", key, value, headers, epoch, sequence, compact, appended_at)
    select topic_id, partition, "offset", key, value, headers, epoch, sequence, compact, clock_timestamp() from fresh
    on conflict (topic_id, key) where compact do update set
      partition = excluded.partition, "offset" = excluded."offset", value = excluded.value, headers = excluded.headers,
      epoch = excluded.epoch, sequence = excluded.sequence, appended_at = excluded.appended_at),
  moved as (
    update partitions p set next_offset = f.next_offset
    from (select topic_id, partition, max("offset") + 1 as next_offset from fresh group by topic_id, partition) f
    where p.topic_id = f.topic_id and p.partition = f.partition
    returning p.topic_id, p.partition, p.next_offset)
  select string_agg(topic_id || ':' || partition || ':' || next_offset, ',') into ends from moved;

  -- A notice holds 8,000 bytes. An empty one means: look at everything.
  if ends is not null then
    perform pg_notify(current_schema(), case when length(ends) < 7900 then ends else '' end);
  end if;
end $$`;

export const postgresLogMigrations = [PostgresLogInit1764000000200];
