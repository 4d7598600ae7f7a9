import { Liquid, type Context, type LiquidOptions } from 'liquidjs';

/** What one render may cost. A template is a page of text; whatever needs more is a mistake or an attack. */
export const renderLimits = {
  sourceCharacters: 64 * 1024,
  renderMs: 800,
  memoryUnits: 1_000_000,
  outputCharacters: 256 * 1024,
};

const options: LiquidOptions = {
  parseLimit: renderLimits.sourceCharacters,
  renderLimit: renderLimits.renderMs,
  memoryLimit: renderLimits.memoryUnits,
  ownPropertyOnly: true,
  strictFilters: true,
  strictVariables: true,
  lenientIf: true,
  // Look-ups go to this empty table and never to the file system.
  templates: {},
  cache: false,
};

/** Other templates and files. */
const filesTags = ['include', 'render', 'layout', 'block'];
/** `raw` would switch escaping off; the rest reads the wall clock or a random number, so that a preview would lie. */
const unsafeFilters = [
  'raw',
  'date',
  'date_to_xmlschema',
  'date_to_rfc822',
  'date_to_string',
  'date_to_long_string',
  'sample',
];

/** What an output becomes, as liquidjs calls it: as the last filter. */
type Escape = (value: unknown) => string;

function engine(escape: Escape): Liquid {
  const liquid = new Liquid({ ...options, outputEscape: counted(escape) });
  for (const tag of filesTags) Reflect.deleteProperty(liquid.tags, tag);
  for (const filter of unsafeFilters) Reflect.deleteProperty(liquid.filters, filter);
  liquid.registerFilter('day', dayInWords);
  return liquid;
}

/** Adds every output to the render's memory: liquidjs itself counts filters only, and a captured text could double for ever. */
function counted(escape: Escape): Escape {
  return function (this: { context: Context }, value: unknown): string {
    const text = escape(value);
    this.context.memoryLimit.use(text.length);
    return text;
  };
}

/** One engine per kind of text, since each escapes in its own way. */
export const engines = {
  text: engine(textOf),
  html: engine((value) => escapeHtml(textOf(value))),
  /** Every output becomes a JSON value, quotes included: `{ "name": {{ customer.name }} }`. */
  json: engine((value) => JSON.stringify(value ?? null)),
};

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** "2026-03-14" as "14 March"; anything else stays as it is. */
function dayInWords(value: unknown): unknown {
  const match = typeof value === 'string' ? /^\d{4}-(\d{2})-(\d{2})$/.exec(value) : null;
  const month = months[Number(match?.[1]) - 1];
  return month === undefined ? value : `${String(Number(match?.[2]))} ${month}`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return JSON.stringify(value);
}
