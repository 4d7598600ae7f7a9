import { deadLetterTopic, topicByName, type ServiceName } from '@regulars/contracts';
import type { LogRecord } from '@regulars/messaging';
import { outbox } from '@regulars/outbox';
import type { Transaction } from '@regulars/persistence';

/** Puts the notice of a dead letter on the group's topic: the record as it was, plus origin, reason and attempts. */
export async function noticeDeadLetter(
  tx: Transaction,
  group: ServiceName,
  record: LogRecord,
  failure: { readonly reason: string; readonly attempts: number },
): Promise<void> {
  const personal = topicByName(record.topic)?.stream === 'customer-profile';
  const added = {
    'origin-topic': record.topic,
    'origin-partition': String(record.partition),
    'origin-offset': record.offset.toString(),
    'origin-group': group,
    reason: failure.reason,
    attempts: String(failure.attempts),
    'failed-at': new Date().toISOString(),
  };
  const origin = Object.entries(record.headers).map(
    ([name, value]) => [`original-${name}`, value] as const,
  );
  await outbox(tx).addNotices([
    {
      topic: deadLetterTopic(group),
      key: record.key,
      value: personal ? null : record.value,
      type: 'dead-letter',
      headers: {
        ...Object.fromEntries(origin),
        ...Object.fromEntries(
          Object.entries(added).map(([name, value]) => [name, Buffer.from(value)]),
        ),
      },
    },
  ]);
}
