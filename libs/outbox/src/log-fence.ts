import { topics } from '@regulars/contracts';
import { RegularsError } from '@regulars/kernel';
import { newestPair, type EventLog } from '@regulars/messaging';
import { sql, type Database } from '@regulars/persistence';

/** The log holds events of this service that are newer than anything its database can have written. */
export class LogIsAhead extends RegularsError {
  constructor(message: string) {
    super('log-is-ahead', message);
  }
}

type Pair = NonNullable<Awaited<ReturnType<typeof newestPair>>>;

/** What this service has published last, as the log has it. */
export function newestPublished(log: EventLog, service: string): Promise<Pair | undefined> {
  const own = Object.values(topics).filter(({ producer }) => producer === service);
  return newestPair(
    log,
    own.map(({ name }) => name),
  );
}

/**
 * Rejects with {@link LogIsAhead} when new events would look old to everybody: the database was restored, and its clock
 * is behind the one that it wrote under before.
 */
export async function refuseNewerLog(database: Database, log: EventLog): Promise<void> {
  const { service } = database.options;
  const published = await newestPublished(log, service);
  if (!published) return;
  const [own] = await database.query<{ epoch: number; drawn: number }>(sql`
    select epoch, coalesce(pg_sequence_last_value(pg_get_serial_sequence('outbox', 'sequence')), 0)::bigint as drawn
    from outbox_epoch`);
  const epoch = BigInt(own?.epoch ?? 0);
  const drawn = BigInt(own?.drawn ?? 0);
  if (published.epoch < epoch || (published.epoch === epoch && published.sequence <= drawn)) return;
  throw new LogIsAhead(
    `The log holds events of ${service} up to (${String(published.epoch)}, ${String(published.sequence)}), its database ` +
      `has written up to (${String(epoch)}, ${String(drawn)}). Nothing is published. Run: npx regulars epoch raise ${service}`,
  );
}

/** Lifts the epoch above the log and stamps the unsent rows anew, in their order. Answers the new epoch. */
export async function raiseAboveLog(
  database: Database,
  log: EventLog,
): Promise<{ readonly epoch: number; readonly restamped: number }> {
  const published = await newestPublished(log, database.options.service);
  return database.withTransaction(async (tx) => {
    // Whoever inserts now has read the old epoch: wait for them, and let the next ones wait for the new one.
    await tx.query(sql`lock table outbox in share row exclusive mode`);
    const [raised] = await tx.query<{ epoch: number }>(sql`
      update outbox_epoch
      set epoch = greatest(epoch + 1, ${String((published?.epoch ?? 0n) + 1n)}::bigint,
                           extract(epoch from clock_timestamp())::bigint) returning epoch`);
    const epoch = raised?.epoch ?? 0;
    const rows = await tx.query(sql`update outbox set epoch = ${epoch} returning sequence`);
    return { epoch, restamped: rows.length };
  });
}
