/** The suffix rules inside a package (docs/ARCHITECTURE.md, "Folders"): a role may only reach down. */
const service = '^(services/[^/]+/src|libs/testing/boundaries/fixture)/';
const pure = `${service}.*/(?!(index|main)\\.ts$)(?!on-)[a-z0-9-]+\\.ts$`;

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle means that two files are one concept, or that one of them knows too much.',
      severity: 'error',
      from: { pathNot: '\\.spec\\.ts$' },
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'stores-only-store',
      comment: 'A store is SQL: it knows no handler, controller, client or module.',
      severity: 'error',
      from: { path: `${service}.*\\.store\\.ts$` },
      to: { path: '(/on-[^/]+|\\.controller|\\.client|\\.module)\\.ts$' },
    },
    {
      name: 'stores-without-network-or-nest',
      comment: 'What runs inside a transaction never talks to a network.',
      severity: 'error',
      from: { path: `${service}.*\\.store\\.ts$` },
      to: {
        path: '(node_modules/@nestjs/|node_modules/nodemailer|^(node:)?(http|https|net|tls)$)',
      },
    },
    {
      name: 'handlers-without-http',
      comment: 'A batch handler decides and writes; no controller, no client, no network.',
      severity: 'error',
      from: { path: `${service}.*/on-[^/]+\\.ts$`, pathNot: '\\.spec\\.ts$' },
      to: {
        path: '(\\.controller\\.ts|\\.client\\.ts|node_modules/nodemailer|^(node:)?(http|https|net|tls)$)',
      },
    },
    {
      name: 'clients-only-send',
      comment: 'A client is one way out: no SQL, no handler, no controller.',
      severity: 'error',
      from: { path: `${service}.*\\.client\\.ts$` },
      to: { path: '(\\.store|/on-[^/]+|\\.controller|\\.module)\\.ts$' },
    },
    {
      name: 'pure-stays-pure',
      comment:
        'Files without a suffix are domain: data in, data out. No SQL, no framework, no handler, no client.',
      severity: 'error',
      from: {
        path: pure,
        pathNot:
          '(\\.[a-z]+\\.ts$|/[^/]*(service|use-case|catalog|settings|metrics|monitor|dispatcher|command|server)[^/]*\\.ts$)',
      },
      to: { path: '(\\.controller|\\.client|\\.module|/on-[^/]+)\\.ts$' },
    },
    {
      name: 'one-file-imports-the-kafka-client',
      comment: 'The client can be changed by changing one file.',
      severity: 'error',
      from: { pathNot: '^libs/messaging/src/kafka/' },
      to: { path: 'node_modules/kafkajs' },
    },
    {
      name: 'kernel-needs-nothing-of-ours',
      severity: 'error',
      comment: 'Everything stands on the kernel.',
      from: { path: '^libs/kernel/' },
      to: { path: '^(libs/(?!kernel/)|services/)' },
    },
    {
      name: 'forecasting-is-pure',
      severity: 'error',
      comment: 'The mathematics is publishable by itself: no I/O, no framework.',
      from: { path: '^libs/forecasting/src/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: '(node_modules/(@nestjs|typeorm|pg)|^(node:)?(fs|http|https|net|child_process)(/|$))',
      },
    },
    {
      name: 'tests-stay-outside',
      severity: 'error',
      comment: 'What ships does not know the test harness.',
      from: {
        path: '^(libs/(?!testing/)|services/)',
        pathNot: '(\\.spec\\.ts$|\\.testing\\.ts$|/test/)',
      },
      to: { path: '^libs/testing/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|\\.d\\.ts$)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
    },
  },
};
