import { isNewer, type Pair } from '../event-pair.js';
import type { LogTopic } from './log-store.js';
import { asBuffer } from './record-codec.js';

interface Keyed {
  readonly topic: LogTopic;
  readonly key: Uint8Array | null;
  readonly pair: Pair | undefined;
}

/** On compacted topics a key's latest record of an append; what came before it would be gone at once. */
export function latestOfCompacted<Record extends Keyed>(
  records: readonly Record[],
): readonly Record[] {
  const kept = new Map<string, Record>();
  records.forEach((record, position) => {
    const { topic, key, pair } = record;
    if (!topic.compact || key === null) {
      kept.set(String(position), record);
      return;
    }
    const name = `${String(topic.id)} ${asBuffer(key).toString('latin1')}`;
    const held = kept.get(name);
    if (held && !isNewer(pair, held.pair)) return;
    // Taken out first, so that it stands where the latest one stood.
    kept.delete(name);
    kept.set(name, record);
  });
  return [...kept.values()];
}
