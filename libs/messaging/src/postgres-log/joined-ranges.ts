import { setTimeout as pause } from 'node:timers/promises';
import type { PartitionRange } from './log-store.js';

/** Whoever looks without being told can wait so long for others. */
const GATHER_MS = 5;

interface Question {
  readonly names: Set<string>;
  readonly answer: Promise<readonly PartitionRange[]>;
}

/** The consumers of a process look for new ends at the same moments: they ask with one statement. */
export class JoinedRanges {
  private next: Question | undefined;

  constructor(
    private readonly read: (names: readonly string[]) => Promise<readonly PartitionRange[]>,
  ) {}

  /** As they are at some time after the call. */
  async of(names: readonly string[]): Promise<readonly PartitionRange[]> {
    const question = (this.next ??= this.ask());
    for (const name of names) question.names.add(name);
    const all = await question.answer;
    return all.filter(({ topic }) => names.includes(topic));
  }

  private ask(): Question {
    const names = new Set<string>();
    const answer = pause(GATHER_MS).then(() => {
      // Before the reading: who comes while it goes on must not be given what it has read already.
      this.next = undefined;
      return this.read([...names]);
    });
    return { names, answer };
  }
}
