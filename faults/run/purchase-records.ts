import { topics } from '@regulars/contracts';
import type { EventLog, LogRecord } from '@regulars/messaging';

/** A record of the purchase topic, as far as the checker needs it. */
export interface PurchaseRecord {
  /** Our id of the customer. */
  readonly customer: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly orderId: string;
  readonly revision: number;
}

/** All of them, in the order of their partitions. */
export async function purchaseRecords(log: EventLog): Promise<PurchaseRecord[]> {
  const topic = topics.purchase.name;
  const records: PurchaseRecord[] = [];
  for (const { partition, offset: end } of await log.endOffsets([topic])) {
    for (let offset = 0n; offset < end;) {
      const stretch = await log.read({ topic, partition, offset });
      records.push(...stretch.records.flatMap(readRecord));
      if (stretch.nextOffset <= offset) break;
      offset = stretch.nextOffset;
    }
  }
  return records;
}

/** None of it when it is poison: a run may write some itself. */
function readRecord({ key, value, headers }: LogRecord): PurchaseRecord[] {
  const header = (name: string): string => Buffer.from(headers[name] ?? []).toString();
  try {
    const { data } = JSON.parse(Buffer.from(value ?? []).toString()) as {
      data: { orderId: string; revision: number };
    };
    return [
      {
        customer: Buffer.from(key ?? []).toString(),
        epoch: Number(header('epoch')),
        sequence: Number(header('sequence')),
        orderId: data.orderId,
        revision: data.revision,
      },
    ];
  } catch {
    return [];
  }
}
