import 'reflect-metadata';
import { SetMetadata } from '@nestjs/common';

/** What a key may be allowed to do. `admin` allows everything. */
export const scopes = [
  'purchases:write',
  'customers:read',
  'customers:write',
  'forecasts:read',
  'segments:read',
  'segments:write',
  'campaigns:read',
  'campaigns:write',
  'tasks:write',
  'reports:read',
  'admin',
] as const;

export type ScopeName = (typeof scopes)[number];

export function isScope(text: string): text is ScopeName {
  return (scopes as readonly string[]).includes(text);
}

/** Who may call a route, and what its body may be. Every route says it: one that does not keeps the service from starting. */
export interface RouteAccess {
  /** Any of these; an empty list = without a key. */
  readonly scopes: readonly ScopeName[];
  readonly public: boolean;
  readonly body: 'none' | 'json' | 'batch' | 'form' | 'raw';
  /** The parameters a route names one by one; `checked`: a DTO says which there are. */
  readonly query: readonly string[] | 'checked';
  /** Health must answer however often it is asked. */
  readonly limited: boolean;
  /** Refused while the service cannot work off what it has taken in. */
  readonly yields: boolean;
}

export const ACCESS = 'regulars:access';
export const BODY = 'regulars:body';
export const YIELDS = 'regulars:yields';

/** The scope a key needs for a route, or for all routes of a controller. Several: any of them will do. */
export function Scope(first: ScopeName, ...more: ScopeName[]): ClassDecorator & MethodDecorator {
  return SetMetadata(ACCESS, { scopes: [first, ...more], public: false, limited: true });
}

/** Needs no key: health, docs, public links and callbacks that prove themselves otherwise. */
export function Public(
  options: { readonly limited?: boolean } = {},
): ClassDecorator & MethodDecorator {
  return SetMetadata(ACCESS, { scopes: [], public: true, limited: options.limited ?? true });
}

/** What comes in masses, and can wait: refused with 503 while the service is behind. Never for opt-outs and erasure. */
export function RefusedUnderLoad(): MethodDecorator {
  return SetMetadata(YIELDS, true);
}

/** Takes an HTML form (`application/x-www-form-urlencoded`), such as the one-click unsubscribe of RFC 8058. */
export function TakesForm(): MethodDecorator {
  return SetMetadata(BODY, 'form');
}

/**
 * Takes `{ "items": [...] }`, whose items are judged one by one: one with text or numbers that no body may hold reaches
 * the handler as an `UnreadableItem`, where elsewhere it would refuse the whole body.
 */
export function TakesBatch(): MethodDecorator {
  return SetMetadata(BODY, 'batch');
}

/** Takes the bytes as they came (a Buffer, any content type): callbacks are verified before they are parsed. */
export function TakesRaw(): MethodDecorator {
  return SetMetadata(BODY, 'raw');
}
