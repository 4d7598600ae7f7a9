import { err, ok, type Result } from '@regulars/kernel';
import type { Channel } from '@regulars/contracts';
import { engines, renderLimits } from './liquid-engine.js';
import type {
  JsonValue,
  RenderedMessage,
  RenderProblem,
  RenderProblemReason,
  Template,
  TemplateContent,
  TemplateFacts,
} from './template.js';

type Part = keyof TemplateContent;

/**
 * A template and the facts of one touch as a message. Pure; bounded by {@link renderLimits}. Runs in this
 * thread: a worker with a wall-clock kill stands outside this function, which is why it takes plain data.
 */
export function renderTemplate(
  template: Template,
  channel: Channel,
  facts: TemplateFacts,
): Result<RenderedMessage, RenderProblem> {
  const content = template.contents[channel];
  if (!content) {
    const detail = `Template ${template.key} has no content for ${channel}.`;
    return err({ reason: 'no-content-for-channel', part: 'text', detail });
  }
  return renderContent(content, facts);
}

/** One channel's content. The first part that fails ends it. */
export function renderContent(
  content: TemplateContent,
  facts: TemplateFacts,
): Result<RenderedMessage, RenderProblem> {
  const subject = renderSubject(content.subject, facts);
  if (!subject.ok) return subject;
  const html = renderPart('html', content.html, facts);
  if (!html.ok) return html;
  const json = renderJson(content.json, facts);
  if (!json.ok) return json;
  const text = renderPart('text', content.text, facts);
  if (!text.ok) return text;
  return ok({
    ...(subject.value !== undefined && { subject: subject.value }),
    // What a person reads in the history; a webhook without words of its own shows what it carries.
    text: text.value ?? (json.value ? JSON.stringify(json.value) : ''),
    ...(html.value !== undefined && { html: html.value }),
    ...(json.value !== undefined && { json: json.value }),
  });
}

/** Whether every part parses; what a save checks, where no customer is at hand. */
export function checkContent(content: TemplateContent): RenderProblem[] {
  return parts.flatMap((part) => {
    const source = content[part];
    if (source === undefined) return [];
    try {
      engines[kindOf[part]].parse(source);
      return [];
    } catch (error) {
      return [problemOf(part, error)];
    }
  });
}

const parts = ['subject', 'text', 'html', 'json'] as const;
const kindOf = { subject: 'text', text: 'text', html: 'html', json: 'json' } as const;

function renderPart(
  part: Part,
  source: string | undefined,
  facts: TemplateFacts,
): Result<string | undefined, RenderProblem> {
  if (source === undefined) return ok(undefined);
  try {
    const engine = engines[kindOf[part]];
    const template = parsed(kindOf[part], source);
    const output = withoutStacks(() => String(engine.renderSync(template, structuredClone(facts))));
    if (output.length <= renderLimits.outputCharacters) return ok(output);
    return err(problem('limit-exceeded', part, 'The result is longer than 256 kB.'));
  } catch (error) {
    return err(problemOf(part, error));
  }
}

/**
 * The engine throws, and catches, an error for each word that a template asks about and that is not known: its stack costs
 * more than the rest of the render, and nobody reads it.
 */
function withoutStacks<T>(render: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return render();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Parsing costs several times what rendering does, and a campaign renders the same words for everybody. */
const mostParsed = 300;
const parsedBySource = new Map<string, ReturnType<(typeof engines)['text']['parse']>>();

function parsed(
  kind: keyof typeof engines,
  source: string,
): ReturnType<(typeof engines)['text']['parse']> {
  const name = `${kind}:${source}`;
  const known = parsedBySource.get(name);
  if (known) return known;
  const fresh = engines[kind].parse(source);
  const [oldest] = parsedBySource.keys();
  if (parsedBySource.size >= mostParsed && oldest !== undefined) parsedBySource.delete(oldest);
  parsedBySource.set(name, fresh);
  return fresh;
}

function renderSubject(
  source: string | undefined,
  facts: TemplateFacts,
): Result<string | undefined, RenderProblem> {
  const rendered = renderPart('subject', source, facts);
  if (!rendered.ok || rendered.value === undefined) return rendered;
  const subject = rendered.value.trim();
  // A line break would begin another header of the mail.
  if (!/[\p{Cc}\u2028\u2029]/u.test(subject)) return ok(subject);
  return err(
    problem('unsafe-subject', 'subject', 'The subject holds a line break or a control character.'),
  );
}

function renderJson(
  source: string | undefined,
  facts: TemplateFacts,
): Result<Readonly<Record<string, JsonValue>> | undefined, RenderProblem> {
  const rendered = renderPart('json', source, facts);
  if (!rendered.ok) return rendered;
  if (rendered.value === undefined) return ok(undefined);
  try {
    const value = JSON.parse(rendered.value) as JsonValue;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return ok(value as Readonly<Record<string, JsonValue>>);
    }
  } catch (error) {
    // The parser's message would quote the text, and with it the customer's data.
    if (!(error instanceof SyntaxError)) throw error;
  }
  const detail =
    'The result is not a JSON object. Outputs bring their own quotes: { "name": {{ customer.name }} }.';
  return err(problem('not-json', 'json', detail));
}

function problem(reason: RenderProblemReason, part: Part, detail: string): RenderProblem {
  return { reason, part, detail };
}

/** liquidjs names its errors; their texts quote the template and its line, never a value. */
function problemOf(part: Part, thrown: unknown): RenderProblem {
  const name = thrown instanceof Error ? thrown.name : '';
  const firstLine =
    (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')[0] ?? '';
  const detail = firstLine.replace(/\p{Cc}/gu, ' ').slice(0, 300);
  if (/limit exceeded|call stack/i.test(firstLine)) return problem('limit-exceeded', part, detail);
  if (name === 'UndefinedVariableError') return problem('missing-field', part, detail);
  return problem('syntax', part, detail);
}
