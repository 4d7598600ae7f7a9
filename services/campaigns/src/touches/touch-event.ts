import type { Cause, NewEvent, TouchEventData } from '@regulars/contracts';
import type { Touch, TouchChange } from './touch.js';

/** A change of a touch as the topic tells it: the whole touch as it stands after the change. */
export function touchEvent(change: TouchChange, at: Date, cause?: Cause): NewEvent<'touch'> {
  const { touch } = change;
  const base = {
    stream: 'touch',
    key: touch.customerId,
    occurredAt: at,
    ...(cause ? { causedBy: cause } : {}),
  } as const;
  const data = touchEventData(touch);
  switch (change.type) {
    case 'TouchDeferred':
      return {
        ...base,
        type: change.type,
        data: { ...data, until: (change.until ?? touch.dueAt).toISOString() },
      };
    case 'TouchSent':
      return { ...base, type: change.type, data: { ...data, ...referenceOf(touch) } };
    case 'TouchFailed':
      return { ...base, type: change.type, data: { ...data, final: change.final ?? true } };
    default:
      return { ...base, type: change.type, data };
  }
}

export function touchEventData(touch: Touch): TouchEventData {
  return {
    touchId: touch.id,
    customerId: touch.customerId,
    campaignId: touch.campaignId,
    campaignVersion: touch.campaignVersion,
    enrolmentId: touch.enrolmentId,
    step: touch.step,
    directness: touch.directness,
    cycle: touch.cycle,
    channel: touch.channel,
    dueAt: touch.dueAt.toISOString(),
    holdout: false,
    reason: touch.reason,
    ...(touch.templateUsed === null ? {} : { templateVersion: touch.templateUsed }),
    ...(touch.offerId === null ? {} : { offerId: touch.offerId }),
    ...(touch.segment === null ? {} : { segment: touch.segment }),
    ...(touch.forecastModelVersion === null
      ? {}
      : { forecastModelVersion: touch.forecastModelVersion }),
    ...(touch.forecastEpoch === null ? {} : { forecastEpoch: touch.forecastEpoch }),
    ...(touch.forecastSequence === null ? {} : { forecastSequence: touch.forecastSequence }),
  };
}

const CODE = /^[A-Za-z0-9._:/-]{1,64}$/;

/** A provider's reference may be any text; the topic takes codes only, the row keeps it whole. */
function referenceOf({ providerReference }: Touch): { providerReference?: string } {
  return providerReference !== null && CODE.test(providerReference) ? { providerReference } : {};
}
