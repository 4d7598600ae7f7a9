const known = new Map<string, string | undefined>();
const maxKnown = 2_000;

/**
 * The runtime's spelling of an IANA zone; undefined when there is no such zone. Making a formatter is slow, so
 * answers are kept; callers can spell one zone in many ways, so not without a bound.
 */
export function canonicalZone(name: string): string | undefined {
  if (known.has(name)) return known.get(name);
  const zone = lookUp(name);
  if (known.size >= maxKnown) known.clear();
  known.set(name, zone);
  return zone;
}

function lookUp(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
