import type { Channel } from '@regulars/contracts';

/** What one channel needs, in Liquid. `json` must render to a JSON object; a task's script is its `text`. */
export interface TemplateContent {
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
  readonly json?: string;
}

/** Words for one step of a ladder, for every channel on which the step may go out. Versions never change. */
export interface Template {
  /** `[a-z0-9-]`, at most 48 characters; a new version of the same key replaces the last one. */
  readonly key: string;
  readonly version: number;
  readonly title: string;
  readonly contents: Readonly<Partial<Record<Channel, TemplateContent>>>;
}

export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Ready to leave; `text` is there on every channel, also as what a person reads in the history. */
export interface RenderedMessage {
  readonly subject?: string;
  readonly text: string;
  readonly html?: string;
  readonly json?: Readonly<Record<string, JsonValue>>;
}

export const renderProblemReasons = [
  'no-content-for-channel',
  'syntax',
  'missing-field',
  'limit-exceeded',
  'unsafe-subject',
  'not-json',
] as const;
export type RenderProblemReason = (typeof renderProblemReasons)[number];

/** Why a template gives no message; `detail` is for the person who wrote it and holds no personal data. */
export interface RenderProblem {
  readonly reason: RenderProblemReason;
  readonly part: keyof TemplateContent;
  readonly detail: string;
}

/** All that a template can see. Whatever is not known is left out: a template that needs it is a problem. */
export interface TemplateFacts {
  readonly customer: { readonly id: string; readonly name?: string };
  readonly company: { readonly name: string };
  /** Days since the last purchase. */
  readonly daysSinceLastPurchase?: number;
  readonly cycleDays?: number;
  readonly dueDay?: string;
  readonly lastPurchaseDay?: string;
  readonly product?: { readonly id: string; readonly title?: string; readonly category?: string };
  readonly offer?: { readonly title: string; readonly terms?: string; readonly until?: string };
  readonly links?: { readonly stop?: string; readonly later?: string; readonly offer?: string };
  readonly touch: { readonly id: string; readonly channel: Channel };
}

/** How a touch event names the words it used. */
export function templateVersionCode(template: Pick<Template, 'key' | 'version'>): string {
  return `${template.key}/${String(template.version)}`;
}
