import { createProjectGraphAsync, workspaceRoot } from '@nx/devkit';
import { createProjectRootMappings, readFileMapCache } from '@nx/devkit/internal';
import { TargetProjectLocator } from '@nx/js/internal';
import nx from '@nx/eslint-plugin';
import { ESLint } from 'eslint';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import tseslint from 'typescript-eslint';
import { moduleBoundaries } from '../../../eslint.config.js';

/**
 * Lints one import under the Nx rule, with the tags that a case gives to the two packages. In: a list of
 * `{ sourceTags, targetTags }`; out: the rule's messages per case. A process of its own, because the rule keeps the
 * project graph in globals, and reuses a given one only when it believes to run under the ESLint command.
 */
process.argv[1] = join(workspaceRoot, 'node_modules/eslint');

const graph = await createProjectGraphAsync({ exitOnError: true });
globalThis.projectGraph = graph;
globalThis.projectRootMappings = createProjectRootMappings(graph.nodes);
globalThis.projectFileMap = readFileMapCache().fileMap.projectFileMap;
globalThis.targetProjectLocator = new TargetProjectLocator(graph.nodes, graph.externalNodes);

const eslint = new ESLint({
  cwd: workspaceRoot,
  overrideConfigFile: true,
  overrideConfig: {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    plugins: { '@nx': nx },
    rules: { '@nx/enforce-module-boundaries': moduleBoundaries },
  },
});

const answers = [];
for (const { sourceTags, targetTags } of JSON.parse(await text(process.stdin))) {
  graph.nodes['@regulars/http'].data.tags = sourceTags;
  graph.nodes['@regulars/kernel'].data.tags = targetTags;
  const [result] = await eslint.lintText(`import '@regulars/kernel';\n`, {
    filePath: join(workspaceRoot, 'libs/http/src/index.ts'),
  });
  answers.push(result.messages.map(({ message }) => message));
}
process.stdout.write(JSON.stringify(answers));
