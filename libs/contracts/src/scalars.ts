import Type from 'typebox';

export const Uuid = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
});
/** Codes and ids of the company's systems: no free text can hide in them. */
export const Code = Type.String({ pattern: '^[A-Za-z0-9._:/-]{1,64}$' });
export const DayText = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
export const InstantText = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$',
});
export const Currency = Type.String({ pattern: '^[A-Z]{3}$' });
export const MinorUnits = Type.Integer({ minimum: -9e15, maximum: 9e15 });
export const Count = Type.Integer({ minimum: 0 });
export const Probability = Type.Number({ minimum: 0, maximum: 1 });
export const MoneyValue = Type.Object({ amountMinor: MinorUnits, currency: Currency });

export const Channel = Type.Enum([
  'email',
  'sms',
  'telegram',
  'whatsapp',
  'viber',
  'webhook',
  'task',
  'audience',
]);
export type Channel = Type.Static<typeof Channel>;

export const CycleSegment = Type.Enum([
  'no-purchase',
  'new',
  'one-time',
  'periodic',
  'regular',
  'lost',
]);
export type CycleSegment = Type.Static<typeof CycleSegment>;
