/** What no log may hold: keys, bearer tokens, passwords in URLs, e-mail addresses and phone numbers. */
export function redact(text: string): string {
  return PATTERNS.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);
}

/** Fields that are never logged, whatever their text looks like. */
export const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'apiKey',
  'email',
  'phone',
  'address',
  'identities',
] as const;

// Every quantifier is bounded or excludes what follows it, so that hostile text costs linear time. None crosses a quote or
// a backslash: the text may be a line of JSON, which must stay one.
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\brk_[A-Za-z0-9]{1,64}_[A-Za-z0-9_-]+/g, 'rk_[redacted]'],
  [/\bBearer +[^\s"\\]+/gi, 'Bearer [redacted]'],
  [/(\w{1,20}:\/\/)[^\s/@"\\]{1,256}@/g, '$1[redacted]@'],
  [/[^\s@"'<>(),;:\\]{1,64}@[^\s@"'<>(),;:\\]{1,255}\.[A-Za-z]{2,24}/g, '[address]'],
  [/(?<![\w.:-])\+\d[\d ()/-]{6,20}\d(?!\w)/g, '[phone]'],
];
