import type { AnswerKind } from '@regulars/contracts';
import { impossible, invalidRequest, type FieldProblem } from '@regulars/http';
import { addDays, isDay, type Day } from '@regulars/kernel';
import { defaultStepHour } from '../campaigns/campaign-defaults.js';
import type { AgreementBody } from './answer.dto.js';
import type { Answer } from './answer.js';

interface Said {
  readonly answer: AnswerKind;
  readonly reason?: string | undefined;
  readonly note?: string | undefined;
  readonly agreement?: AgreementBody | undefined;
}

/** Nobody agrees on a day further ahead; a slip of the year does. */
const mostDaysAhead = 730;

/**
 * The answer that a body stands for. 400 when the agreed day is none, or lies behind `today`; 422 when it lies out of
 * reach, or is part of an answer that agrees on no day.
 */
export function toAnswer({ answer: kind, reason, note, agreement }: Said, today: Day): Answer {
  if (agreement) checkAgreement(kind, agreement, today);
  return {
    kind,
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { note }),
    ...(agreement
      ? {
          agreement: {
            day: agreement.day,
            hour: agreement.hour ?? defaultStepHour,
            whoActs: agreement.whoActs,
          },
        }
      : {}),
  };
}

function checkAgreement(kind: AnswerKind, { day }: AgreementBody, today: Day): void {
  if (kind !== 'later')
    throw refused({
      pointer: '/agreement',
      code: 'not-of-this-answer',
      message: 'An agreement is part of the answer `later`.',
    });
  const pointer = '/agreement/day';
  if (!isDay(day) || day < today) {
    const message = 'The agreed day must be a day that exists, today or later.';
    throw invalidRequest([{ pointer, code: 'day-passed', message }]);
  }
  const last = addDays(today, mostDaysAhead);
  if (day > last)
    throw refused({
      pointer,
      code: 'day-too-far',
      message: `The last day to agree on is ${last}.`,
    });
}

/** 422 for a well-formed answer that makes no sense. */
export function refused(problem: FieldProblem): Error {
  return impossible(
    'answer-impossible',
    'The answer makes no sense as it stands',
    'Correct what "errors" lists.',
    [problem],
  );
}
