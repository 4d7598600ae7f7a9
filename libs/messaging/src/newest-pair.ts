import type { EventLog, LogRecord, PartitionOffset } from './event-log.js';
import { isNewer, pairOf, type Pair } from './event-pair.js';

/** The newest (`epoch`, `sequence`) that stands in topics of one producer; undefined where there is none. */
export async function newestPair(
  log: Pick<EventLog, 'endOffsets' | 'read'>,
  topics: readonly string[],
): Promise<Pair | undefined> {
  const ends = await log.endOffsets(topics);
  const pairs = await Promise.all(ends.map((end) => lastPair(log, end)));
  return pairs.reduce((newest, pair) => (pair && isNewer(pair, newest) ? pair : newest), undefined);
}

/**
 * The last pair of a partition is its newest, give or take a repetition. Looked for backwards in growing strides:
 * markers, heartbeats and what was compacted away hold none.
 */
async function lastPair(
  log: Pick<EventLog, 'read'>,
  end: PartitionOffset,
): Promise<Pair | undefined> {
  for (let stride = 4n, to = end.offset; to > 0n; stride *= 8n) {
    const from = to > stride ? to - stride : 0n;
    let newest: Pair | undefined;
    for (const record of await stretch(log, { ...end, offset: from }, to)) {
      const pair = pairOf(record);
      if (pair && isNewer(pair, newest)) newest = pair;
    }
    if (newest) return newest;
    to = from;
  }
  return undefined;
}

async function stretch(
  log: Pick<EventLog, 'read'>,
  from: PartitionOffset,
  to: bigint,
): Promise<LogRecord[]> {
  const found: LogRecord[] = [];
  for (let offset = from.offset; offset < to;) {
    const { records, nextOffset } = await log.read({ ...from, offset });
    found.push(...records);
    if (nextOffset <= offset) break;
    offset = nextOffset;
  }
  return found;
}
