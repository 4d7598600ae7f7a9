const { join } = require('node:path');

/**
 * The suffix rules inside a package (docs/ARCHITECTURE.md, "Folders"): a role may only reach down. Each rule has a
 * fixture under libs/testing/boundaries that must fail.
 */
const five = '(ingestion|prediction|segmentation|campaigns|metrics)';
const services = `^services/${five}/src/`;
const specs = '\\.spec\\.ts$';
const network =
  '^(node:)?(http|https|http2|net|tls|dgram)$|node_modules/(@types/)?(nodemailer|undici)/';
const httpIn = '\\.(controller|dto|mapper|http)\\.ts$';
const httpOut = '\\.(client|channel)\\.ts$';
const handlers = '/on-[a-z0-9-]+\\.ts$';
const rows = '\\.(store|entity|entities|migration)\\.ts$';
const definition = `${services}${five}\\.ts$`;
const wiring = `\\.(module|provider)\\.ts$|^services/.*/(main|index)\\.ts$|${definition}`;
const any = (...patterns) => `(${patterns.join('|')})`;

/** Files without a suffix. A service's definition (`prediction/src/prediction.ts`) is wiring by its name. */
const pure = {
  path: `${services}[^.]+\\.ts$`,
  pathNot: [handlers, '/(main|index)\\.ts$', definition],
};

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle means that two files are one concept, or that one of them knows too much.',
      severity: 'error',
      from: { pathNot: specs },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'pure-stays-pure',
      comment:
        'Files without a suffix are domain: data in, data out. No I/O, no SQL, no framework.',
      severity: 'error',
      from: pure,
      to: {
        dependencyTypesNot: ['type-only'],
        path: any(
          httpIn,
          httpOut,
          handlers,
          rows,
          wiring,
          '\\.(use-case|metrics|config)\\.ts$',
          '^libs/(persistence|outbox|timers|messaging|service|observability|http)/',
          'node_modules/(@nestjs|typeorm|pg|prom-client|class-validator|class-transformer)/',
          '^(node:)?(fs|http|https|http2|tls|dgram|child_process|worker_threads)(/|$)',
        ),
      },
    },
    {
      name: 'stores-only-store',
      comment: 'A store is SQL of its feature: it knows nobody who calls it.',
      severity: 'error',
      from: { path: `${services}.*\\.store\\.ts$` },
      to: { path: any(httpIn, httpOut, handlers, wiring, '\\.use-case\\.ts$') },
    },
    {
      name: 'stores-without-network-or-nest',
      comment: 'What runs inside a transaction never talks to a network.',
      severity: 'error',
      from: { path: `${services}.*\\.store\\.ts$` },
      to: { path: any('node_modules/@nestjs/', network) },
    },
    {
      name: 'tables-know-no-one',
      comment: 'Entities and migrations describe tables, and nothing that uses them.',
      severity: 'error',
      from: { path: `${services}.*\\.(entity|entities|migration)\\.ts$` },
      to: { path: any(httpIn, httpOut, handlers, wiring, '\\.(store|use-case)\\.ts$') },
    },
    {
      name: 'use-cases-without-http',
      comment:
        'A use case is called by HTTP, handlers and timers alike: it knows none of the doors.',
      severity: 'error',
      from: { path: `${services}.*\\.use-case\\.ts$` },
      to: { path: any('\\.controller\\.ts$', httpOut, '\\.module\\.ts$', network) },
    },
    {
      name: 'handlers-without-http',
      comment:
        'A batch handler decides and writes inside a transaction: no controller, no network.',
      severity: 'error',
      from: { path: `${services}.*${handlers}` },
      to: { path: any(httpIn, httpOut, '\\.module\\.ts$', network) },
    },
    {
      name: 'controllers-only-call',
      comment: 'In, call, out: no event handler, no way out, no table definitions.',
      severity: 'error',
      from: { path: `${services}.*\\.controller\\.ts$` },
      to: { path: any(httpOut, handlers, '\\.(module|entity|entities|migration)\\.ts$', network) },
    },
    {
      name: 'clients-only-send',
      comment: 'A client is one way out: no SQL, no handler, no controller.',
      severity: 'error',
      from: { path: `${services}.*\\.(client|channel)\\.ts$` },
      to: {
        path: any(
          httpIn,
          handlers,
          rows,
          '\\.(module|use-case)\\.ts$',
          '^libs/(persistence|outbox)/',
        ),
      },
    },
    {
      name: 'only-modules-know-modules',
      comment:
        'The module is the only file that knows every class of its feature, and wiring its only reader.',
      severity: 'error',
      from: {
        path: services,
        pathNot: [specs, '\\.module\\.ts$', '/index\\.ts$', definition],
      },
      to: { path: '\\.module\\.ts$' },
    },
    {
      name: 'only-the-adapter-knows-the-kafka-client',
      comment: 'The client can be changed by changing the file that opens it, and its patches.',
      severity: 'error',
      from: { pathNot: ['^libs/messaging/src/kafka/client(-patches)?\\.ts$', specs] },
      to: { path: 'node_modules/kafkajs/' },
    },
    {
      name: 'forecasting-is-pure',
      comment: 'The mathematics is publishable by itself: no I/O, no framework.',
      severity: 'error',
      from: { path: '^libs/forecasting/src/', pathNot: specs },
      to: {
        path: any(
          'node_modules/(@nestjs|typeorm|pg)/',
          '^(node:)?(fs|http|https|http2|net|tls|dgram|child_process|worker_threads)(/|$)',
        ),
      },
    },
    {
      name: 'tests-stay-outside',
      comment: 'What ships does not know the test harness.',
      severity: 'error',
      from: {
        path: '^(libs/(?!testing/)|services/)',
        pathNot: [specs, '\\.testing\\.ts$', '/test/'],
      },
      to: { path: '^libs/testing/|node_modules/@jest/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(libs|services)/([^/]+/dist/|.*\\.d\\.ts$)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: join(__dirname, 'tsconfig.base.json') },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
    },
  },
};
