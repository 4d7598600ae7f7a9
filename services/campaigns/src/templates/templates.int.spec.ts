import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Transaction } from '@regulars/persistence';
import { driftOf, testDatabase, type TestDatabase } from '@regulars/testing';
import { builtInTemplates, templateEntities, templateMigrations, templateStore } from './index.js';
import { saveTemplate, type NewTemplate } from './save-template.use-case.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({
    service: 'campaigns',
    entities: templateEntities,
    migrations: templateMigrations,
  });
});
afterAll(async () => db.drop());

function aTemplate(over: Partial<NewTemplate> = {}): NewTemplate {
  const email = { subject: 'Hello', text: 'Hello {{ customer.name }}' };
  return { key: 'welcome-back', title: 'Welcome back', contents: { email }, ...over };
}

const save = (template: NewTemplate) =>
  db.withTransaction((tx: Transaction) => saveTemplate(tx, template));

describe('templates', () => {
  it('have the tables that their entities describe', async () => {
    expect(await driftOf(db)).toEqual([]);
  });

  it('keep every version, and make none of the same words', async () => {
    const first = await save(aTemplate());
    const again = await save(aTemplate());
    const second = await save(aTemplate({ title: 'Back again' }));

    expect(first).toMatchObject({ value: { created: true, template: { version: 1 } } });
    expect(again).toMatchObject({ value: { created: false, template: { version: 1 } } });
    expect(second).toMatchObject({ value: { created: true, template: { version: 2 } } });
    expect(await templateStore(db).at('welcome-back', 1)).toMatchObject({ title: 'Welcome back' });
    expect(await templateStore(db).current('welcome-back')).toMatchObject({ title: 'Back again' });
  });

  it('give two people who save at once two versions', async () => {
    const titles = Array.from({ length: 8 }, (_, n) => `Version of person ${String(n)}`);

    await Promise.all(titles.map((title) => save(aTemplate({ key: 'race', title }))));

    const versions = await Promise.all(titles.map((_, n) => templateStore(db).at('race', n + 1)));
    expect(new Set(versions.map((version) => version?.title))).toEqual(new Set(titles));
  });

  it('stand over the built-in ones, whose words can still be read', async () => {
    const builtIn = builtInTemplates.get('reminder');
    expect(await templateStore(db).current('reminder')).toEqual(builtIn);

    await save(aTemplate({ key: 'reminder' }));

    expect(await templateStore(db).current('reminder')).toMatchObject({ version: 2 });
    expect(await templateStore(db).at('reminder', 1)).toEqual(builtIn);
    expect(await templateStore(db).at('reminder', 3)).toBeUndefined();
    expect(await templateStore(db).current('no-such')).toBeUndefined();
  });

  it('are not saved when a part cannot be rendered', async () => {
    const email = { subject: '{% include "x" %}', text: '{{ "a" | no_such }}' };

    const saved = await save(aTemplate({ key: 'broken', contents: { email } }));

    expect(saved).toMatchObject({
      ok: false,
      error: [
        { channel: 'email', part: 'subject', reason: 'syntax' },
        { channel: 'email', part: 'text', reason: 'syntax' },
      ],
    });
    expect(await templateStore(db).current('broken')).toBeUndefined();
  });
});
