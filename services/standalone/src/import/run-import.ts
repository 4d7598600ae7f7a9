import type { Result } from '@regulars/kernel';
import type { Verdict } from './batch.client.js';
import { ImportSummary } from './import-summary.js';
import type { RejectedRow } from './rejected-file.js';
import type { ImportItem, Row, RowReader, Table, Unreadable } from './row.js';

export interface ImportWork {
  readonly table: Table;
  readonly reader: RowReader;
  /** undefined = a dry run. */
  readonly send?: (items: readonly object[]) => Promise<readonly Verdict[]>;
  readonly reject: (row: RejectedRow) => Promise<void>;
  readonly onProgress?: (summary: ImportSummary) => void;
}

// Far less than the API takes: beside live purchases a batch waits for moments to spare, and its caller for it.
const MOST_ITEMS = 200;
// What the API takes at most, with room for the frame around the items.
const MOST_BYTES = 4_500_000;
// More would not be faster: the server records one part of all imports at a time.
const IN_FLIGHT = 2;

interface ReadRow {
  readonly row: Row;
  readonly item: Result<ImportItem, Unreadable>;
}

/** Reads, sends and judges a file in one pass; memory holds a few batches, however long the file is. */
export async function runImport(work: ImportWork): Promise<ImportSummary> {
  const summary = new ImportSummary();
  const sending: Promise<void>[] = [];
  // Answers are worked off in the order of the file, so that the rejected rows keep it.
  let settled: Promise<void> = Promise.resolve();

  for await (const batch of batchesOf(work)) {
    const verdicts = sendAll(batch, work);
    // A failure shows when its turn comes; until then it must not count as unhandled.
    verdicts.catch(() => undefined);
    const before = settled;
    settled = (async () => {
      await before;
      await settle(batch, await verdicts, work, summary);
    })();
    settled.catch(() => undefined);
    sending.push(settled);
    if (sending.length >= IN_FLIGHT) await sending.shift();
  }
  await settled;
  return summary;
}

async function* batchesOf({ table, reader }: ImportWork): AsyncGenerator<ReadRow[]> {
  let batch: ReadRow[] = [];
  let bytes = 0;
  for await (const row of table.rows) {
    const item = reader.read(row);
    const size = item.ok ? Buffer.byteLength(JSON.stringify(item.value.body)) + 1 : 0;
    if (batch.length === MOST_ITEMS || bytes + size > MOST_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push({ row, item });
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

async function sendAll(batch: readonly ReadRow[], work: ImportWork): Promise<readonly Verdict[]> {
  const bodies = batch.flatMap(({ item }) => (item.ok ? [item.value.body] : []));
  return work.send && bodies.length > 0 ? work.send(bodies) : [];
}

async function settle(
  batch: readonly ReadRow[],
  verdicts: readonly Verdict[],
  work: ImportWork,
  summary: ImportSummary,
): Promise<void> {
  let next = 0;
  for (const { row, item } of batch) {
    summary.rows += 1;
    const verdict = item.ok && work.send ? verdicts[next++] : undefined;
    if (item.ok && verdict?.status !== 'rejected') {
      summary.accept(item.value, verdict?.status ?? 'readable');
      continue;
    }
    const reason = item.ok ? reasonOf(verdict) : item.error.reason;
    const orderId = item.ok ? item.value.orderId : item.error.orderId;
    summary.reject(reason);
    await work.reject({ ...row, reason, ...(orderId !== undefined && { orderId }) });
  }
  work.onProgress?.(summary);
}

function reasonOf(verdict: Verdict | undefined): string {
  return verdict?.status === 'rejected' ? verdict.reason : 'rejected';
}
