import { Command, CommanderError } from 'commander';
import { RegularsError, toError } from '@regulars/kernel';
import { addDemoCommand } from '../demo/demo-command.js';
import { addDistributedCommand } from '../distributed/distributed-command.js';
import { addBacktestCommand } from './backtest-command.js';
import { addForecastCommand } from './forecast-command.js';
import { addEpochCommand } from './epoch-command.js';
import { addImportCommands } from './import-commands.js';
import { addKeysCommand } from './keys-command.js';
import { addReconcileCommand } from './reconcile-command.js';
import { addStartCommand } from './start-command.js';
import { processTerminal } from './terminal.js';

/** `npx regulars ...` */
export function mainProgram(): Command {
  const program = new Command('regulars')
    .description('Learns when each customer buys again, and leads them back in time.')
    .version('0.1.0')
    .showHelpAfterError()
    .exitOverride();
  addStartCommand(program);
  addDistributedCommand(program);
  addDemoCommand(program);
  addImportCommands(program);
  addForecastCommand(program);
  addBacktestCommand(program);
  addKeysCommand(program, processTerminal, './data/api-keys.json');
  addReconcileCommand(program);
  addEpochCommand(program);
  return program;
}

/** Runs a command line. What the person can mend is one line; anything else shows its stack. */
export async function runMain(argv: readonly string[]): Promise<void> {
  try {
    await mainProgram().parseAsync([...argv]);
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      process.exitCode = thrown.exitCode;
      return;
    }
    const error = toError(thrown);
    const text = error instanceof RegularsError ? error.message : (error.stack ?? error.message);
    process.stderr.write(`${text}\n`);
    process.exit(1);
  }
}
