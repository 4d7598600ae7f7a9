import { stat } from 'node:fs/promises';
import { systemClock, together, type Clock } from '@regulars/kernel';
import { matchApiKey, type ApiKeyRecord } from './api-key.js';
import { readApiKeys } from './api-keys-file.js';
import { unavailable } from './problems.js';

const EVERY_MS = 2_000;

export interface ApiKeysOptions {
  /** How often the file is looked at; a revoked key must stop within 5 s. */
  readonly everyMs?: number;
  /** Expiry is told by real time: a simulated clock must not wake an expired key. */
  readonly clock?: Clock;
  readonly onError?: (error: unknown) => void;
}

/** The keys of the file, read again when it changes. */
export class ApiKeys {
  private records: ReadonlyMap<string, ApiKeyRecord> | undefined;
  private stamp = '';
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private readonly clock: Clock;

  private constructor(
    private readonly path: string,
    private readonly options: ApiKeysOptions,
  ) {
    this.clock = options.clock ?? systemClock;
  }

  /** Reads the file and goes on watching it. Rejects with what to do when it cannot be read. */
  static async open(path: string, options: ApiKeysOptions = {}): Promise<ApiKeys> {
    const keys = new ApiKeys(path, options);
    await keys.reload();
    keys.lookLater();
    return keys;
  }

  /** The key that a header proves. 503 while the file cannot be read: nobody is let in on a guess. */
  match(text: string): ApiKeyRecord | undefined {
    if (this.records === undefined) {
      throw unavailable('The API keys cannot be read right now. Repeat the call.');
    }
    return matchApiKey(text, this.records, this.clock.now());
  }

  /** Looks at the file now, and reads it when it is another one. */
  async refresh(): Promise<void> {
    try {
      if ((await stampOf(this.path)) !== this.stamp || this.records === undefined) {
        await this.reload();
      }
    } catch (error) {
      this.records = undefined;
      this.options.onError?.(error);
    }
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  /** Looking is cheaper than being told: watchers miss renames on network and container file systems. */
  private lookLater(): void {
    if (this.closed) return;
    this.timer = setTimeout(
      () =>
        void this.refresh().finally(() => {
          this.lookLater();
        }),
      together(this.options.everyMs ?? EVERY_MS),
    );
    this.timer.unref();
  }

  private async reload(): Promise<void> {
    // The stamp is taken first: a change while we read is then seen the next time.
    const stamp = await stampOf(this.path).catch(() => '');
    const records = await readApiKeys(this.path);
    this.records = new Map(records.map((record) => [record.id, record]));
    this.stamp = stamp;
  }
}

/** Another file, another length or another time. */
async function stampOf(path: string): Promise<string> {
  const { ino, size, mtimeNs } = await stat(path, { bigint: true });
  return `${String(ino)}-${String(size)}-${String(mtimeNs)}`;
}
