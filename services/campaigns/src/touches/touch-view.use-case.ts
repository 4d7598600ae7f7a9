import type { Transaction } from '@regulars/persistence';
import type { AnswerOf } from '../answer-of.js';
import { answerStore } from '../answers/answer.store.js';
import { sendStore } from '../dispatch/send.store.js';
import { touchHistoryStore } from './touch-history.store.js';
import { toTouchResponse, type TouchResponse } from './touch.dto.js';
import type { Touch } from './touch.js';

/** Touches with their whole story: every change with its reason, the answers, and what was captured. */
export async function touchView(
  reader: Pick<Transaction, 'query'>,
  touches: readonly Touch[],
): Promise<AnswerOf<TouchResponse>[]> {
  const ids = touches.map(({ id }) => id);
  const history = Map.groupBy(await touchHistoryStore(reader).of(ids), ({ touchId }) => touchId);
  const answers = Map.groupBy(await answerStore(reader).of(ids), ({ touchId }) => touchId);
  const captured = await sendStore(reader).messagesOf(ids);
  return touches.map((touch) =>
    toTouchResponse(
      touch,
      history.get(touch.id) ?? [],
      answers.get(touch.id) ?? [],
      captured.get(touch.id),
    ),
  );
}
