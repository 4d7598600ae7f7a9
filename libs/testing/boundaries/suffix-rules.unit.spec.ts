import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../../..');
const config = join(root, '.dependency-cruiser.cjs');
const { forbidden } = createRequire(import.meta.url)(config) as { forbidden: { name: string }[] };

const shop = (file: string) => `services/prediction/src/shop/${file}.ts`;

/** Who imports what, as text of a small tree, and the rules that must object. */
const offences: Record<string, readonly [from: string, to: string][]> = {
  'no-cycles': [['libs/kernel/src/egg.ts', 'libs/kernel/src/hen.ts']],
  'pure-stays-pure': [
    [shop('pure-with-sql'), shop('rows.store')],
    [shop('pure-with-tables'), shop('rows.entity')],
    [shop('pure-with-handler'), shop('on-purchases')],
    [shop('pure-with-use-case'), shop('buy.use-case')],
    [shop('pure-with-http'), shop('shop.controller')],
    [shop('pure-with-a-way-out'), shop('mail.client')],
    [shop('pure-with-settings'), shop('shop.config')],
    [shop('pure-with-wiring'), 'services/prediction/src/prediction.ts'],
    [shop('pure-with-transactions'), 'libs/persistence/src/index.ts'],
    [shop('pure-with-outbox'), 'libs/outbox/src/index.ts'],
    [shop('pure-with-framework'), '@nestjs/common'],
    [shop('pure-with-files'), 'node:fs'],
  ],
  'stores-only-store': [
    [shop('calls-handler.store'), shop('on-purchases')],
    [shop('calls-use-case.store'), shop('buy.use-case')],
    [shop('calls-client.store'), shop('mail.client')],
    [shop('calls-controller.store'), shop('shop.controller')],
  ],
  'stores-without-network-or-nest': [
    [shop('in-a-framework.store'), '@nestjs/common'],
    [shop('on-the-network.store'), 'node:https'],
  ],
  'tables-know-no-one': [
    [shop('with-sql.entity'), shop('rows.store')],
    [shop('with-handler.migration'), shop('on-purchases')],
  ],
  'use-cases-without-http': [
    [shop('knows-a-door.use-case'), shop('shop.controller')],
    [shop('sends.use-case'), shop('mail.client')],
    [shop('on-the-network.use-case'), 'node:net'],
  ],
  'handlers-without-http': [
    [shop('on-doors'), shop('shop.controller')],
    [shop('on-sending'), shop('mail.client')],
    [shop('on-network'), 'nodemailer'],
  ],
  'controllers-only-call': [
    [shop('plays-handler.controller'), shop('on-purchases')],
    [shop('sends.controller'), shop('mail.client')],
    [shop('shows-tables.controller'), shop('rows.entity')],
  ],
  'clients-only-send': [
    [shop('reads.client'), shop('rows.store')],
    [shop('decides.channel'), shop('buy.use-case')],
    [shop('writes.client'), 'libs/persistence/src/index.ts'],
  ],
  'only-modules-know-modules': [[shop('wires.config'), shop('shop.module')]],
  'only-the-adapter-knows-the-kafka-client': [['libs/outbox/src/relay.ts', 'kafkajs']],
  'forecasting-is-pure': [
    ['libs/forecasting/src/in-a-framework.ts', '@nestjs/common'],
    ['libs/forecasting/src/with-files.ts', 'node:fs/promises'],
  ],
  'tests-stay-outside': [
    [shop('buy.use-case'), 'libs/testing/src/index.ts'],
    ['libs/kernel/src/day.ts', '@jest/globals'],
  ],
};

/** What the same roles may do, so that no rule forbids the architecture itself. */
const allowed: readonly [from: string, to: string][] = [
  ['libs/kernel/src/hen.ts', 'libs/kernel/src/money.ts'],
  [shop('forecast'), 'libs/kernel/src/money.ts'],
  [shop('rows.store'), shop('forecast')],
  [shop('rows.store'), 'libs/persistence/src/index.ts'],
  [shop('pay.use-case'), shop('rows.store')],
  [shop('on-refunds'), shop('rows.store')],
  [shop('on-refunds'), shop('pay.use-case')],
  [shop('read.controller'), shop('rows.store')],
  [shop('read.controller'), shop('pay.use-case')],
  [shop('sms.channel'), shop('mail.client')],
  [shop('shop.module'), shop('on-purchases')],
  [shop('shop.module'), shop('mail.client')],
  ['services/prediction/src/prediction.ts', shop('shop.module')],
  ['libs/messaging/src/kafka/client.ts', 'kafkajs'],
  [shop('forecast.unit.spec'), 'libs/testing/src/index.ts'],
];

const isFile = (to: string) => to.endsWith('.ts');

async function plant(tree: string): Promise<void> {
  const files = new Map<string, string[]>();
  const imports = (from: string, line: string) => {
    files.set(from, [...(files.get(from) ?? []), line]);
  };
  for (const [from, to] of [...Object.values(offences).flat(), ...allowed]) {
    if (!isFile(to)) {
      imports(from, `import '${to}';`);
      continue;
    }
    if (!files.has(to)) files.set(to, []);
    const path = relative(dirname(from), to).replace(/\.ts$/, '.js');
    imports(from, `import '${path.startsWith('.') ? path : `./${path}`}';`);
  }
  imports('libs/kernel/src/hen.ts', `import './egg.js';`);
  // Types may know each other: nothing of it is left at run time.
  imports('libs/kernel/src/cause.ts', `import type { Effect } from './effect.js';`);
  imports('libs/kernel/src/effect.ts', `import type { Cause } from './cause.js';`);
  for (const [file, lines] of files) {
    await mkdir(join(tree, dirname(file)), { recursive: true });
    await writeFile(join(tree, file), [...lines, 'export const here = 1;', ''].join('\n'));
  }
  await symlink(join(root, 'node_modules'), join(tree, 'node_modules'));
}

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
}

async function cruise(tree: string): Promise<readonly Violation[]> {
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [bin, '--config', config, '--output-type', 'json', 'libs', 'services'],
    { cwd: tree, maxBuffer: 64 * 1024 * 1024 },
  );
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

describe('the suffix rules of dependency-cruiser', () => {
  let tree: string;
  let violations: readonly Violation[];
  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'regulars-boundaries-'));
    await plant(tree);
    violations = await cruise(tree);
  });
  afterAll(() => rm(tree, { recursive: true, force: true }));

  it('has a fixture for every rule', () => {
    expect(Object.keys(offences).sort()).toEqual(forbidden.map(({ name }) => name).sort());
  });

  it.each(
    Object.entries(offences).flatMap(([rule, pairs]) => pairs.map((pair) => [rule, ...pair])),
  )('%s: %s may not import %s', (rule, from, to) => {
    const target = isFile(to) ? to : to.replace(/^node:/, '').replace(/\/promises$/, '');
    expect(violations.filter((violation) => violation.from === from)).toContainEqual(
      expect.objectContaining({
        rule: expect.objectContaining({ name: rule }),
        to: expect.stringContaining(target),
      }),
    );
  });

  it('leaves the architecture itself alone', () => {
    const offenders = Object.values(offences).flatMap((pairs) => pairs.map(([from]) => from));
    const others = violations.filter(({ from }) => !offenders.includes(from));
    expect(others).toEqual([]);
  });
});
