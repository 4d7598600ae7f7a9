import type { Subject } from '../engine.js';
import type { Basis } from '../forecast.js';
import { categoryOf, type CompanyModel } from './company-model.js';

export interface Reminder {
  /** Days after the last purchase. */
  readonly offset: number;
  readonly basis: Basis;
}

/** Repeat customers whose median gap is worth a reminder day. */
const ENOUGH_REPEATERS = 5;

/** The next contact where no date can be given: the stated cycle, else the category's median gap, else the company's. */
export function reminderOf(subject: Subject, model: CompanyModel): Reminder {
  if (subject.statedCycleDays !== undefined) return reminder(subject.statedCycleDays, 'stated');
  const own = categoryOf(model, subject.category ?? subject.remindCategory);
  if (own && own.repeatCustomers >= ENOUGH_REPEATERS) {
    return reminder(own.medianGapDays, 'category');
  }
  const basis = model.company.repeatCustomers >= ENOUGH_REPEATERS ? 'company' : 'built-in prior';
  return reminder(model.company.medianGapDays, basis);
}

function reminder(days: number, basis: Basis): Reminder {
  return { offset: Math.max(1, Math.round(days)), basis };
}
