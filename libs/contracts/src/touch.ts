import Type from 'typebox';
import {
  Channel,
  Code,
  Count,
  CycleSegment,
  DayText,
  InstantText,
  MinorUnits,
  Currency,
  Uuid,
} from './scalars.js';

export const Directness = Type.Enum(['presence', 'reminder', 'direct-offer']);
export type Directness = Type.Static<typeof Directness>;

export const AnswerKind = Type.Enum(['bought', 'yes', 'later', 'no', 'stop', 'not-reached']);
export type AnswerKind = Type.Static<typeof AnswerKind>;

/** Fields of every touch event: the touch as it stands after the change. */
const touchFields = {
  touchId: Uuid,
  customerId: Uuid,
  campaignId: Uuid,
  campaignVersion: Count,
  enrolmentId: Uuid,
  step: Count,
  directness: Directness,
  /** The purchase cycle, or the campaign run that stands in for it. */
  cycle: Uuid,
  channel: Channel,
  dueAt: InstantText,
  templateVersion: Type.Optional(Code),
  offerId: Type.Optional(Uuid),
  arm: Type.Optional(Code),
  holdout: Type.Boolean(),
  segment: Type.Optional(CycleSegment),
  forecastModelVersion: Type.Optional(Code),
  forecastEpoch: Type.Optional(Count),
  forecastSequence: Type.Optional(Count),
  /** Why now: a code of the closed list in docs. */
  reason: Code,
  costMinor: Type.Optional(MinorUnits),
  costCurrency: Type.Optional(Currency),
};

export const TouchPlanned = Type.Object(touchFields);
export const TouchDeferred = Type.Object({ ...touchFields, until: InstantText });
/** `reason` says why: `no-consent`, `purchased`, `left-audience`, `stopped`, ... */
export const TouchSkipped = Type.Object(touchFields);
export const TouchCaptured = Type.Object(touchFields);
export const TouchSending = Type.Object(touchFields);
export const TouchSent = Type.Object({ ...touchFields, providerReference: Type.Optional(Code) });
export const TouchDelivered = Type.Object(touchFields);
export const TouchFailed = Type.Object({ ...touchFields, final: Type.Boolean() });
export const TouchUnknown = Type.Object(touchFields);
export const TouchAnswered = Type.Object({
  ...touchFields,
  answer: AnswerKind,
  answeredAt: InstantText,
  /** For `later`: the agreed day and who acts. */
  agreement: Type.Optional(
    Type.Object({
      day: DayText,
      hour: Type.Optional(Type.Integer({ minimum: 0, maximum: 23 })),
      whoActs: Type.Enum(['they-come', 'we-call', 'they-call']),
    }),
  ),
  /** For `no`: the reason as a code; the words stay in campaigns. */
  answerReason: Type.Optional(Code),
  /** For `stop`: the suppression that the consent record must settle. */
  stopId: Type.Optional(Uuid),
});
export type TouchEventData = Type.Static<typeof TouchPlanned>;
export type TouchAnswered = Type.Static<typeof TouchAnswered>;

const offerFields = {
  offerId: Uuid,
  customerId: Uuid,
  touchId: Type.Optional(Uuid),
  campaignId: Type.Optional(Uuid),
  cycle: Type.Optional(Uuid),
  madeAt: InstantText,
  expiresAt: Type.Optional(InstantText),
};
export const OfferMade = Type.Object({ ...offerFields, repeatedBy: Type.Optional(Code) });
export const OfferAccepted = Type.Object({ ...offerFields, purchaseId: Type.Optional(Uuid) });
export const OfferDeclined = Type.Object({ ...offerFields, answerReason: Type.Optional(Code) });
export const OfferExpired = Type.Object(offerFields);

/** "I have erased / gathered my part", with rows per table. */
export const PartErased = Type.Object({
  customerId: Uuid,
  erasureId: Uuid,
  rows: Type.Record(Type.String(), Count),
});
export const PartGathered = Type.Object({
  customerId: Uuid,
  exportId: Uuid,
  rows: Type.Record(Type.String(), Count),
});
