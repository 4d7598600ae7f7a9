import type { Subject } from '../engine.js';
import type { Basis } from '../forecast.js';
import type { CycleModel } from './parameters.js';

export interface Reminder {
  /** Days after the last purchase. */
  readonly offset: number;
  readonly basis: Basis;
}

/** The next contact where no date can be given: the stated cycle, else the category's median gap, else the company's. */
export function reminderOf(subject: Subject, model: CycleModel): Reminder {
  const category = subject.category ?? subject.remindCategory;
  const ofCategory =
    category !== undefined && Object.hasOwn(model.categories, category)
      ? model.categories[category]?.medianGapDays
      : undefined;
  if (subject.statedCycleDays !== undefined) return reminder(subject.statedCycleDays, 'stated');
  if (ofCategory !== undefined) return reminder(ofCategory, 'category');
  if (model.company.medianGapDays !== undefined) {
    return reminder(model.company.medianGapDays, 'company');
  }
  return reminder(Math.exp(model.company.meanLnGap), 'built-in prior');
}

function reminder(days: number, basis: Basis): Reminder {
  return { offset: Math.max(1, Math.round(days)), basis };
}
