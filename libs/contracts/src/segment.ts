import Type from 'typebox';
import { Code, Count, CycleSegment, DayText, Uuid } from './scalars.js';

export const LostKind = Type.Enum(['lapsed', 'no-cycle']);
export type LostKind = Type.Static<typeof LostKind>;

export const SegmentChanged = Type.Object({
  customerId: Uuid,
  from: Type.Optional(CycleSegment),
  to: CycleSegment,
  lostKind: Type.Optional(LostKind),
  cause: Type.Enum(['registered', 'purchase', 'time', 'refit', 'correction']),
  /** The local day from which the new segment holds. */
  day: DayText,
  /** The rule and the numbers that decided it. */
  inputs: Type.Object({
    rule: Code,
    purchaseCount: Count,
    lastPurchaseDay: Type.Optional(DayText),
    cycleDays: Type.Optional(Type.Number()),
    gapVariation: Type.Optional(Type.Number()),
    /** In events of the time when the variation itself decided. */
    gapVariationLimit: Type.Optional(Type.Number()),
    pRegular: Type.Optional(Type.Number()),
    pRegularLimit: Type.Optional(Type.Number()),
    pNoCycle: Type.Optional(Type.Number()),
    pNoCycleLimit: Type.Optional(Type.Number()),
    lostDay: Type.Optional(DayText),
    newUntilDay: Type.Optional(DayText),
  }),
  forecastModelVersion: Type.Optional(Code),
});
export type SegmentChanged = Type.Static<typeof SegmentChanged>;
