import type { Socket } from 'node:net';

/** What an assigner of ours may carry: awaited before the group is joined, also before every rejoin. */
export interface JoinHook {
  beforeJoin?(): Promise<void>;
}

interface RequestQueue {
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  throttledUntil: number;
  readonly pending: readonly unknown[];
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

interface ConsumerGroup {
  readonly assigners: readonly JoinHook[];
  joinAndSync(): Promise<void>;
  recoverFromOffsetOutOfRange(error: Error & { topic: string; partition: number }): Promise<void>;
}

interface Connection {
  readonly socket?: Socket;
  chunks: Buffer[];
  bytesBuffered: number;
  bytesNeeded: number;
  disconnect(): Promise<true>;
}

interface FetchedBatch {
  readonly rawMessages: readonly unknown[];
  isEmpty(): boolean;
}

interface Patched<T> {
  readonly prototype: T;
}

const WRITTEN_FOR = '2.2.4';
/** The length that every answer begins with. */
const LENGTH_BYTES = 4;

/**
 * Five faults of kafkajs (no release since February 2023) that settings cannot cure. `require` is the one that loads
 * the client, so that the same modules are patched.
 */
export function patchClient(require: NodeJS.Require): void {
  const { version } = require('kafkajs/package.json') as { version: string };
  if (version !== WRITTEN_FOR) {
    throw new Error(`The patches were written for kafkajs ${WRITTEN_FOR}, found ${version}.`);
  }
  const { KafkaJSNonRetriableError } = require('kafkajs') as {
    KafkaJSNonRetriableError: new (message: string, options?: { cause: Error }) => Error;
  };
  const queue = require('kafkajs/src/network/requestQueue') as Patched<RequestQueue>;
  const group = require('kafkajs/src/consumer/consumerGroup') as Patched<ConsumerGroup>;

  const batch = require('kafkajs/src/consumer/batch') as Patched<FetchedBatch>;
  const connection = require('kafkajs/src/network/connection') as Patched<Connection>;

  // It passed what holds nothing but markers or compacted records by itself: our stored offset stayed behind the end.
  batch.prototype.isEmpty = function () {
    return this.rawMessages.length === 0;
  };

  // Every connection re-armed a timer of 1 ms for ever (kafkajs #1751): 3 % of a core, idle.
  queue.prototype.scheduleCheckPendingRequests = function () {
    if (this.throttleCheckTimeoutId) return;
    const wait = this.throttledUntil - Date.now();
    if (wait <= 0 && this.pending.length === 0) return;
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      wait > 0 ? wait : 10,
    );
  };

  // Opened again after a close, a connection took the end of its former socket, and the rest of an answer, for its own.
  // A broker closes late: not before it has answered a SyncGroup that we gave up. That end broke the next JoinGroup off,
  // a member that nobody knows stayed behind as the leader, and the next SyncGroup went unanswered too, and so on for ever.
  const { disconnect } = Object.getOwnPropertyDescriptors(connection.prototype);
  connection.prototype.disconnect = async function () {
    await disconnect.value?.call(this);
    this.socket?.destroy();
    this.chunks = [];
    this.bytesBuffered = 0;
    this.bytesNeeded = LENGTH_BYTES;
    return true;
  };

  // It went on at the log's beginning or end, silently: everything again, or a part lost.
  group.prototype.recoverFromOffsetOutOfRange = function (error) {
    const where = `${error.topic}[${String(error.partition)}]`;
    return Promise.reject(
      new KafkaJSNonRetriableError(`The position on ${where} is out of range.`, { cause: error }),
    );
  };

  // It rejoined without asking: partitions went to others while our handlers still worked on them.
  const { joinAndSync } = Object.getOwnPropertyDescriptors(group.prototype);
  group.prototype.joinAndSync = async function () {
    for (const assigner of this.assigners) await assigner.beforeJoin?.();
    await joinAndSync.value?.call(this);
  };
}
