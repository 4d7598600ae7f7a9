import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** What a reader of the README and the docs would stumble over: names and places that are not there (any more). */
const root = join(import.meta.dirname, '../../../..');
const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: root })].sort();

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');

  it('links to files that exist', () => {
    expect(linksIn(text).filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual(
      [],
    );
  });

  it('names files and folders of the project that exist', () => {
    expect(pathsIn(text).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scriptsIn(text).filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('names no place of the machine that it was written on', () => {
    expect(text.match(/(?<![\w.])\/(work|root|home|tmp)\/\S*|\.\.\/shared\S*/g) ?? []).toEqual([]);
  });
});

describe('the checks themselves', () => {
  it('find links without their anchors, and leave addresses alone', () => {
    const text = '[a](docs/a.md#part) [b](https://b.example) [c](#here) [d](../d/)';
    expect(linksIn(text)).toEqual(['docs/a.md', '../d/']);
  });

  it('find paths of the project in code spans', () => {
    const text =
      '`libs/kernel` and `services/x/src/y.ts`, but not `npm start`, `on-*.ts` or `libs/*`';
    expect(pathsIn(text)).toEqual(['libs/kernel', 'services/x/src/y.ts']);
  });

  it('find scripts', () => {
    const text = 'npm ci && npm start; npm run test:unit -- --testPathPatterns x; npm test';
    expect(scriptsIn(text)).toEqual(['start', 'test:unit', 'test']);
  });

  it('see all pages', () => {
    expect(pages).toContain('README.md');
    expect(pages).toContain('docs/ARCHITECTURE.md');
  });
});

function linksIn(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.split('#')[0] ?? '')
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

function pathsIn(text: string): string[] {
  return [...text.matchAll(/`((?:libs|services|e2e|bench|deploy|docs)\/[\w./-]+)`/g)].map(
    ([, path = '']) => path,
  );
}

function scriptsIn(text: string): string[] {
  return [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(
    ([, named, short]) => named ?? short ?? '',
  );
}
