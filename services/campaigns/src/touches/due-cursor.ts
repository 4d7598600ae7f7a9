import { isId } from '@regulars/kernel';

/** Whether a cursor holds an instant and an id: where a list by due time goes on. */
export function isDueCursor(values: readonly unknown[]): values is readonly [string, string] {
  const [dueAt, id] = values;
  const sound = typeof dueAt === 'string' && !Number.isNaN(Date.parse(dueAt));
  return values.length === 2 && sound && typeof id === 'string' && isId(id);
}
