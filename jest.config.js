/** Three kinds of tests, told apart by their names: see docs/ARCHITECTURE.md. */
const base = {
  rootDir: import.meta.dirname,
  extensionsToTreatAsEsm: ['.ts'],
  // `x.json.js` of packages is what it says; our own imports name the `.js` that a `.ts` becomes.
  moduleNameMapper: { '^(\\.{1,2}/(?!.*\\.json\\.js$).*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  setupFilesAfterEnv: ['<rootDir>/libs/testing/scripts/give-time.mjs'],
  modulePathIgnorePatterns: ['/dist/', '/.cache/', '/data/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: false,
          },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

const withPostgres = {
  ...base,
  globalSetup: '<rootDir>/libs/testing/src/postgres/global-setup.mjs',
  globalTeardown: '<rootDir>/libs/testing/src/postgres/global-teardown.mjs',
};

export default {
  testSequencer: '<rootDir>/libs/testing/scripts/long-first.mjs',
  projects: [
    { ...base, displayName: 'unit', testMatch: ['**/*.unit.spec.ts'] },
    { ...withPostgres, displayName: 'int', testMatch: ['**/*.int.spec.ts'] },
    { ...withPostgres, displayName: 'kafka', testMatch: ['**/*.kafka.spec.ts'] },
    {
      ...base,
      displayName: 'e2e',
      testMatch: ['<rootDir>/e2e/**/*.e2e.spec.ts'],
      testPathIgnorePatterns: ['\\.kafka\\.e2e\\.spec\\.ts$'],
      globalSetup: '<rootDir>/e2e/global-setup.mjs',
    },
    {
      ...withPostgres,
      displayName: 'e2e-kafka',
      testMatch: ['<rootDir>/e2e/**/*.kafka.e2e.spec.ts'],
      globalSetup: '<rootDir>/e2e/global-setup-kafka.mjs',
    },
    ...['a', 'b'].map((tier) => ({
      ...withPostgres,
      displayName: tier === 'a' ? 'faults' : 'faults-b',
      testMatch: [`<rootDir>/faults/tier-${tier}/*.fault.spec.ts`],
      globalSetup: '<rootDir>/e2e/global-setup-kafka.mjs',
    })),
  ],
};
