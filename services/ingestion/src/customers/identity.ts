import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js';
import type { Impossibilities } from '../requests/refusal.js';

/** In the order of their strength: the phone is the identity key. */
export const identityKinds = ['phone', 'external', 'email'] as const;
export type IdentityKind = (typeof identityKinds)[number];

/** What points to a customer. `value` is normalised: E.164, lower-case e-mail, "source id". */
export interface Identity {
  readonly kind: IdentityKind;
  readonly value: string;
}

export interface IdentityFields {
  readonly phone?: string;
  readonly email?: string;
  readonly externalId?: string;
  readonly source?: string;
}

export const fieldOf: Readonly<Record<IdentityKind, string>> = {
  phone: 'phone',
  external: 'externalId',
  email: 'email',
};

/** The identities of a body, strongest first; what cannot be one is added to `problems`. */
export function identitiesOf(
  fields: IdentityFields,
  context: { readonly source: string; readonly defaultCountry: string; readonly pointer: string },
  problems: Impossibilities,
): Identity[] {
  const identities: Identity[] = [];
  if (fields.phone !== undefined) {
    const value = phoneOf(fields.phone, context.defaultCountry);
    if (value !== undefined) identities.push({ kind: 'phone', value });
    else {
      problems.add(
        'impossible-phone',
        `${context.pointer}/phone`,
        `No phone number can be like this. Send it with its country code (+49 151 ...).`,
      );
    }
  }
  if (fields.externalId !== undefined) {
    const value = externalIdentity(fields.source ?? context.source, fields.externalId);
    identities.push({ kind: 'external', value });
  }
  if (fields.email !== undefined) {
    const value = emailOf(fields.email);
    if (value !== undefined) identities.push({ kind: 'email', value });
    else {
      problems.add(
        'impossible-email',
        `${context.pointer}/email`,
        'No e-mail address can be like this.',
      );
    }
  }
  return identities;
}

/** E.164, or undefined when no number can be meant. */
export function phoneOf(text: string, defaultCountry: string): string | undefined {
  const phone = parsePhoneNumberFromString(text, defaultCountry as CountryCode);
  return phone?.isPossible() === true && E164.test(phone.number) ? phone.number : undefined;
}

/** At most 15 digits: the longest numbers of some countries' plans, written with their country code, have more. */
const E164 = /^\+[1-9]\d{6,14}$/;

const EMAIL = /^[^\s@<>"(),;:\\]{1,64}@[^\s@<>"(),;:\\]+\.[^\s@.<>"(),;:\\]+$/;

export function emailOf(text: string): string | undefined {
  const email = text.trim().toLowerCase();
  return email.length <= 254 && EMAIL.test(email) ? email : undefined;
}

/** Codes hold no blank, so that the pair can be taken apart again. */
export function externalIdentity(source: string, id: string): string {
  return `${source} ${id}`;
}

export function toExternalId(value: string): { source: string; id: string } {
  const [source = '', id = ''] = value.split(' ');
  return { source, id };
}

/** One text for a pair of kind and value; kinds hold no blank. */
export function keyOf({ kind, value }: Identity): string {
  return `${kind} ${value}`;
}
