/** Partitions of every topic, in both logs, for ever: another count would move customers to other partitions. */
export const PARTITIONS = 12;

/**
 * The partition of a key, the same as that of Kafka's default partitioner: murmur2 (seed 0x9747b28c), sign bit
 * cleared, modulo the count. A record without a key goes to partition 0.
 */
export function partitionOf(key: Uint8Array | null, partitions = PARTITIONS): number {
  return key === null ? 0 : (murmur2(key) & 0x7fffffff) % partitions;
}

/** As in Kafka's `Utils.murmur2`, on signed 32-bit integers. */
function murmur2(data: Uint8Array): number {
  const multiplier = 0x5bd1e995;
  const at = (index: number) => data[index] ?? 0;
  const words = data.length >> 2;
  let hash = 0x9747b28c ^ data.length;

  for (let word = 0; word < words; word += 1) {
    const start = word * 4;
    let mixed = at(start) | (at(start + 1) << 8) | (at(start + 2) << 16) | (at(start + 3) << 24);
    mixed = Math.imul(mixed, multiplier);
    mixed = Math.imul(mixed ^ (mixed >>> 24), multiplier);
    hash = Math.imul(hash, multiplier) ^ mixed;
  }

  const rest = words * 4;
  const left = data.length - rest;
  if (left > 2) hash ^= at(rest + 2) << 16;
  if (left > 1) hash ^= at(rest + 1) << 8;
  if (left > 0) hash = Math.imul(hash ^ at(rest), multiplier);

  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}
