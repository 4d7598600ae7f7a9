import Type from 'typebox';
import { Channel, Code, InstantText, Uuid } from './scalars.js';

export const CustomerKind = Type.Enum(['person', 'company']);
export type CustomerKind = Type.Static<typeof CustomerKind>;

/** No record for a channel and purpose means no. */
export const ConsentState = Type.Object({
  channel: Channel,
  purpose: Code,
  state: Type.Enum(['granted', 'withdrawn']),
  changedAt: InstantText,
});
export type ConsentState = Type.Static<typeof ConsentState>;

export const CustomerRegistered = Type.Object({
  customerId: Uuid,
  kind: CustomerKind,
  acquisitionSource: Type.Optional(Code),
  referredBy: Type.Optional(Uuid),
  registeredAt: InstantText,
  imported: Type.Boolean(),
});

export const CustomerMerged = Type.Object({
  customerId: Uuid,
  into: Uuid,
  mergeId: Uuid,
});

export const CustomerUnmerged = Type.Object({
  customerId: Uuid,
  from: Uuid,
  mergeId: Uuid,
});

/** The whole consent state after the change, and the stop (a suppression of campaigns) that it settles. */
export const ConsentChanged = Type.Object({
  customerId: Uuid,
  consents: Type.Array(ConsentState),
  settlesStop: Type.Optional(Uuid),
});

export const CustomerErased = Type.Object({
  customerId: Uuid,
  erasureId: Uuid,
});

export const ImportantDate = Type.Object({
  kind: Type.Enum(['birthday', 'anniversary', 'child-birthday', 'moving-holiday', 'other']),
  /** Month and day, with the year where it is known: "--05-17" or "1980-05-17". */
  date: Type.String({ pattern: '^(\\d{4}|-)-\\d{2}-\\d{2}$' }),
  label: Type.Optional(Type.String({ maxLength: 200 })),
});

/** Personal data lives only here; erasure and merging away send a tombstone. */
export const CustomerProfileChanged = Type.Object({
  customerId: Uuid,
  kind: CustomerKind,
  name: Type.Optional(Type.String({ maxLength: 200 })),
  phone: Type.Optional(Type.String({ pattern: '^\\+[1-9][0-9]{6,14}$' })),
  email: Type.Optional(Type.String({ maxLength: 254 })),
  messengers: Type.Array(
    Type.Object({
      channel: Type.Enum(['telegram', 'whatsapp', 'viber']),
      handle: Type.String({ maxLength: 200 }),
    }),
  ),
  socialProfiles: Type.Array(Type.String({ maxLength: 500 })),
  externalIds: Type.Array(Type.Object({ source: Code, id: Code })),
  preferredChannel: Type.Optional(Channel),
  language: Type.Optional(Type.String({ maxLength: 35 })),
  timeZone: Type.Optional(Type.String({ maxLength: 64 })),
  importantDates: Type.Array(ImportantDate),
  attributes: Type.Record(Type.String({ maxLength: 64 }), Type.String({ maxLength: 500 })),
});
export type CustomerProfile = Type.Static<typeof CustomerProfileChanged>;
