/** Starts the body of the thread from its sources, as Jest runs the rest: compiled on loading. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

registerHooks({
  resolve(specifier, context, next) {
    const own = /^\.{1,2}\//.test(specifier) && context.parentURL?.endsWith('.ts');
    const name = own ? specifier.replace(/\.js$/, '.ts') : specifier;
    return next(name, { ...context, conditions: ['source', ...context.conditions] });
  },
  load(url, context, next) {
    if (!url.endsWith('.ts')) return next(url, context);
    const { code } = transformSync(readFileSync(fileURLToPath(url), 'utf8'), {
      jsc: {
        target: 'es2024',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true },
      },
      module: { type: 'es6' },
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});

await import('./model-thread.use-case.ts');
