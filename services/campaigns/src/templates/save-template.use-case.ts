import { isDeepStrictEqual } from 'node:util';
import { err, ok, type Result } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import type { Channel } from '@regulars/contracts';
import { checkContent } from './render-template.js';
import type { RenderProblem, Template } from './template.js';
import { templateStore } from './template.store.js';

export type NewTemplate = Omit<Template, 'version'>;
export interface ContentProblem extends RenderProblem {
  readonly channel: Channel;
}

/**
 * Saves the next version of a key; the same words again are the same version. Earlier versions stay, so
 * that what was sent can be read for as long as its touch.
 */
export async function saveTemplate(
  tx: Transaction,
  template: NewTemplate,
): Promise<Result<{ template: Template; created: boolean }, ContentProblem[]>> {
  const problems = problemsOf(template);
  if (problems.length > 0) return err(problems);

  // Two people who save at once would draw the same number.
  await tx.query(sql`select pg_advisory_xact_lock(hashtext(${`template-${template.key}`}))`);
  const current = await templateStore(tx).current(template.key);
  if (current && sameWords(current, template)) return ok({ template: current, created: false });

  const saved = { ...template, version: (current?.version ?? 0) + 1 };
  await tx.query(sql`
    insert into template_versions (key, version, title, contents, created_at)
    values (${saved.key}, ${saved.version}, ${saved.title}, ${JSON.stringify(saved.contents)}::jsonb, ${tx.clock.now()})`);
  return ok({ template: saved, created: true });
}

function problemsOf(template: NewTemplate): ContentProblem[] {
  return Object.entries(template.contents).flatMap(([channel, content]) =>
    checkContent(content).map((problem) => ({ ...problem, channel: channel as Channel })),
  );
}

function sameWords(a: NewTemplate, b: NewTemplate): boolean {
  return a.title === b.title && isDeepStrictEqual({ ...a.contents }, { ...b.contents });
}
