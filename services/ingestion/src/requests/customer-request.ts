import Type from 'typebox';
import { Channel, Code, CustomerKind, ImportantDate, Uuid } from '@regulars/contracts';
import { filledText, InstantWithOffset, strictObject, text } from './scalars.js';

/** What points to a customer; the strongest comes first: `id`, `phone`, `externalId`, `email`. */
export const identityFields = {
  id: Type.Optional(Uuid),
  /** Anything that reads as a phone number; without a country code it is one of the company's country. */
  phone: Type.Optional(filledText(40)),
  email: Type.Optional(filledText(254)),
  /** The customer's number in the system named by `source`. */
  externalId: Type.Optional(Code),
  source: Type.Optional(Code),
};

/** The customer of a purchase. Fields beside the identities fill what is not known yet; they change nothing. */
export const PurchaseCustomer = strictObject({
  ...identityFields,
  name: Type.Optional(filledText(200)),
  kind: Type.Optional(CustomerKind),
  language: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9-]{2,35}$' })),
  timeZone: Type.Optional(filledText(64)),
});
export type PurchaseCustomer = Type.Static<typeof PurchaseCustomer>;

/** Permission or its withdrawal with its proof: the words that were agreed to, and where or how. */
export const ConsentItem = strictObject({
  channel: Channel,
  purpose: Type.Optional(Code),
  state: Type.Enum(['granted', 'withdrawn']),
  wording: Type.Optional(text(2_000)),
  evidence: Type.Optional(text(2_000)),
  /** When the customer said so; now when left out. */
  changedAt: Type.Optional(InstantWithOffset),
});
export type ConsentItem = Type.Static<typeof ConsentItem>;

/** Creates the customer, or changes the one an identity points to. What is missing stays as it is. */
export const CustomerItem = strictObject({
  ...identityFields,
  kind: Type.Optional(CustomerKind),
  name: Type.Optional(filledText(200)),
  messengers: Type.Optional(
    Type.Array(
      strictObject({
        channel: Type.Enum(['telegram', 'whatsapp', 'viber']),
        handle: filledText(200),
      }),
      { maxItems: 10 },
    ),
  ),
  socialProfiles: Type.Optional(Type.Array(filledText(500), { maxItems: 20 })),
  preferredChannel: Type.Optional(Channel),
  language: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9-]{2,35}$' })),
  timeZone: Type.Optional(filledText(64)),
  importantDates: Type.Optional(
    Type.Array(strictObject({ ...ImportantDate.properties, label: Type.Optional(text(200)) }), {
      maxItems: 50,
    }),
  ),
  attributes: Type.Optional(
    Type.Record(Type.String({ pattern: '^(?!__proto__$)[A-Za-z0-9._-]{1,64}$' }), text(500), {
      maxProperties: 50,
      additionalProperties: false,
    }),
  ),
  /** What is special about the customer, in words; stays in ingestion. */
  notes: Type.Optional(text(5_000)),
  acquisitionSource: Type.Optional(Code),
  referredBy: Type.Optional(Uuid),
  consents: Type.Optional(Type.Array(ConsentItem, { maxItems: 50 })),
  imported: Type.Optional(Type.Boolean()),
});
export type CustomerItem = Type.Static<typeof CustomerItem>;

export const ConsentRequest = strictObject({
  customer: strictObject(identityFields),
  consents: Type.Array(ConsentItem, { minItems: 1, maxItems: 50 }),
});
export type ConsentRequest = Type.Static<typeof ConsentRequest>;
