import { copyTree } from './copy-tree.ts';
import { defects } from './defects.ts';
import { tryDefect } from './try-defect.ts';

/**
 * Puts each planted defect (or those named as arguments) into a copy of the tree, runs the test that must see it, and
 * shows what came of it. Ends non-zero when one is not caught.
 */
const named = process.argv.slice(2);
const unknown = named.filter((id) => !defects.some((defect) => defect.id === id));
if (unknown.length > 0) throw new Error(`There is no defect ${unknown.join(', ')}.`);
const chosen = defects.filter(({ id }) => named.length === 0 || named.includes(id));

const say = (...cells: readonly string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
const { tree, remove } = await copyTree();
let missed = 0;
try {
  say('id', 'defect', 'caught by', 'caught?', 's');
  say('--', '------', '---------', '-------', '--');
  for (const defect of chosen) {
    const { id, what, caughtBy } = defect;
    const { caught, remark, seconds } = await tryDefect(defect, tree);
    if (!caught) missed += 1;
    const by = [caughtBy.path, caughtBy.name?.trim()].filter(Boolean).join(': ');
    say(id, what, by.replaceAll('|', ' or '), caught ? 'yes' : `NO: ${remark}`, String(seconds));
  }
} finally {
  await remove();
}
process.stdout.write(`${String(chosen.length - missed)} of ${String(chosen.length)} caught\n`);
process.exitCode = missed > 0 ? 1 : 0;
