import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../../..');

type Arrow = readonly [source: string, target: string];

/** One arrow or more that each constraint must refuse. Each tag stands alone here, so that only it can object. */
const forbidden: readonly Arrow[] = [
  ['type:kernel', 'type:model'],
  ['type:kernel', 'type:platform'],
  ['type:model', 'type:platform'],
  ['type:platform', 'type:frame'],
  ['type:platform', 'type:service'],
  ['type:platform', 'type:testing'],
  ['type:frame', 'type:service'],
  ['type:frame', 'type:testing'],
  ['type:testing', 'type:frame'],
  ['type:testing', 'type:service'],
  ['type:service', 'type:service'],
  ['type:service', 'type:app'],
  ['type:service', 'type:testing'],
  ['type:app', 'type:testing'],
  ['type:app', 'type:app'],
  ['scope:shared', 'scope:campaigns'],
  ['scope:shared', 'scope:standalone'],
  ['scope:ingestion', 'scope:prediction'],
  ['scope:prediction', 'scope:ingestion'],
  ['scope:segmentation', 'scope:prediction'],
  ['scope:campaigns', 'scope:segmentation'],
  ['scope:metrics', 'scope:standalone'],
  ['scope:standalone', 'scope:somewhere-else'],
];

const allowed: readonly Arrow[] = [
  ['type:model', 'type:kernel'],
  ['type:platform', 'type:model'],
  ['type:platform', 'type:platform'],
  ['type:frame', 'type:platform'],
  ['type:testing', 'type:platform'],
  ['type:service', 'type:frame'],
  ['type:app', 'type:service'],
  ['scope:shared', 'scope:shared'],
  ['scope:campaigns', 'scope:shared'],
  ['scope:standalone', 'scope:campaigns'],
];

const untagged: Arrow = ['kind:unknown', 'type:kernel'];

async function lint(arrows: readonly Arrow[]): Promise<readonly (readonly string[])[]> {
  const probe = spawn(process.execPath, [join(import.meta.dirname, 'lint-imports.mjs')], {
    cwd: root,
    env: { ...process.env, NX_DAEMON: 'false' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  probe.stdin.end(
    JSON.stringify(arrows.map(([from, to]) => ({ sourceTags: [from], targetTags: [to] }))),
  );
  const [output] = await Promise.all([text(probe.stdout), once(probe, 'exit')]);
  return JSON.parse(output) as string[][];
}

describe('the package rules of Nx', () => {
  const answers = new Map<Arrow, readonly string[]>();
  beforeAll(async () => {
    const arrows = [...forbidden, ...allowed, untagged];
    const messages = await lint(arrows);
    for (const [index, arrow] of arrows.entries()) answers.set(arrow, messages[index] ?? []);
  });

  it.each(forbidden)('%s may not use %s', (...arrow) => {
    const [from] = arrow;
    const said = answers.get(forbidden.find(([a, b]) => a === from && b === arrow[1]) ?? untagged);
    expect(said).toEqual([expect.stringContaining(`"${from}" can only depend on`)]);
  });

  it.each(allowed)('%s may use %s', (...arrow) => {
    expect(
      answers.get(allowed.find(([a, b]) => a === arrow[0] && b === arrow[1]) ?? untagged),
    ).toEqual([]);
  });

  it('refuses a package whose tags no constraint knows', () => {
    expect(answers.get(untagged)).toEqual([expect.stringContaining('without tags')]);
  });

  it('has a fixture for every constraint, and no constraint for everything', async () => {
    const config = await readFile(join(root, 'eslint.config.js'), 'utf8');
    expect(config).not.toMatch(/sourceTag: '\*'/);
    const known = new Set(forbidden.map(([from]) => from));
    for (const tag of await tagsInUse()) expect(known).toContain(tag);
  });
});

/** Tags of all packages: each has one of each dimension, and so a constraint that was seen to object. */
async function tagsInUse(): Promise<Set<string>> {
  const tags = new Set<string>();
  for (const folder of ['libs', 'services']) {
    for (const name of await readdir(join(root, folder))) {
      const text = await readFile(join(root, folder, name, 'package.json'), 'utf8');
      const own = (JSON.parse(text) as { nx: { tags: string[] } }).nx.tags;
      expect(own.map((tag) => tag.split(':')[0])).toEqual(['type', 'scope']);
      for (const tag of own) tags.add(tag);
    }
  }
  return tags;
}
