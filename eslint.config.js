import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Which kind of package may use which: the arrows of docs/ARCHITECTURE.md. No `*` anywhere. */
const depConstraints = [
  // Itself: Nx takes an empty list for no constraint at all.
  { sourceTag: 'type:kernel', onlyDependOnLibsWithTags: ['type:kernel'] },
  { sourceTag: 'type:model', onlyDependOnLibsWithTags: ['type:kernel', 'type:model'] },
  {
    sourceTag: 'type:platform',
    onlyDependOnLibsWithTags: ['type:kernel', 'type:model', 'type:platform'],
  },
  {
    sourceTag: 'type:frame',
    onlyDependOnLibsWithTags: ['type:kernel', 'type:model', 'type:platform'],
  },
  {
    sourceTag: 'type:testing',
    onlyDependOnLibsWithTags: ['type:kernel', 'type:model', 'type:platform'],
  },
  {
    sourceTag: 'type:service',
    onlyDependOnLibsWithTags: ['type:kernel', 'type:model', 'type:platform', 'type:frame'],
  },
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: [
      'type:kernel',
      'type:model',
      'type:platform',
      'type:frame',
      'type:service',
    ],
  },
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
  ...['ingestion', 'prediction', 'segmentation', 'campaigns', 'metrics'].map((service) => ({
    sourceTag: `scope:${service}`,
    onlyDependOnLibsWithTags: ['scope:shared', `scope:${service}`],
  })),
  {
    sourceTag: 'scope:standalone',
    onlyDependOnLibsWithTags: [
      'scope:shared',
      'scope:standalone',
      'scope:ingestion',
      'scope:prediction',
      'scope:segmentation',
      'scope:campaigns',
      'scope:metrics',
    ],
  },
];

/** The rule's setting, also for its own tests. */
export const moduleBoundaries = [
  'error',
  {
    enforceBuildableLibDependency: false,
    allow: [],
    depConstraints,
    // Specs of these libs use the test harness, which is built on them.
    ignoredCircularDependencies: [
      'kernel',
      'contracts',
      'persistence',
      'observability',
      'messaging',
      'outbox',
    ].map((lib) => ['@regulars/testing', `@regulars/${lib}`]),
  },
];

const testFiles = [
  '**/*.spec.ts',
  '**/*.testing.ts',
  'libs/testing/boundaries/**',
  'e2e/**',
  'bench/**',
  'faults/**',
  'libs/*/src/test/**',
];

export default tseslint.config(
  { ignores: ['**/dist/**', 'node_modules/**', '.nx/**', '.cache/**', 'data/**', '**/*.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['libs/*/tsconfig.json', 'services/*/tsconfig.json', 'tsconfig.specs.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { '@nx': nx },
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      // Nest finds its parts by classes: decorators make an empty one mean something.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Response classes carry OpenAPI decorators and no behaviour: answers are plain objects of their shape.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'separate-type-imports' },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: ['libs/*/src/**/*.ts', 'services/*/src/**/*.ts'],
    ignores: testFiles,
    rules: {
      '@nx/enforce-module-boundaries': moduleBoundaries,
    },
  },
  {
    files: testFiles,
    rules: {
      // expect(mock.method) and expect.any() are what tests are made of.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // What stands in for something that waits need not wait itself.
      '@typescript-eslint/require-await': 'off',
      // A test says what it needs and does not find, or what it measured.
      'no-console': ['error', { allow: ['warn', 'info'] }],
    },
  },
);
