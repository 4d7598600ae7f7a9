import { addDays, type Day } from '@regulars/kernel';
import type { DemoApi } from './demo-api.js';

interface OpenTask {
  readonly id: string;
  readonly dueAt: string;
}

/** Staff make the calls that are due and write down what came of them; which outcome hangs on the task's id alone. */
export async function answerTasks(api: DemoApi, day: Day): Promise<void> {
  const { data } = await api.get<{ data: OpenTask[] }>('/v1/tasks?limit=50');
  for (const { id, dueAt } of data) {
    if (dueAt.slice(0, 10) > day) continue;
    await api.post(`/v1/tasks/${id}/outcome`, outcomeOf(id, day));
  }
}

function outcomeOf(id: string, day: Day): object {
  const draw = Number.parseInt(id.slice(-2), 16) % 10;
  if (draw < 4) return { outcome: 'yes', by: 'Mia' };
  if (draw < 6) {
    return {
      outcome: 'later',
      by: 'Mia',
      agreement: { day: addDays(day, 10), whoActs: 'we-call' },
    };
  }
  if (draw < 8) return { outcome: 'not-reached', by: 'Tom' };
  return { outcome: 'no', reason: 'no-need-now', by: 'Tom' };
}
