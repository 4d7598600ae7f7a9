import { userInfo } from 'node:os';
import { InvalidArgumentError, type Command } from 'commander';
import { addApiKey, createApiKey, isScope, scopes, type ScopeName } from '@regulars/http';
import { isDay, RegularsError } from '@regulars/kernel';
import { CliError } from './cli-error.js';
import { processTerminal, speaking, type Terminal } from './terminal.js';

interface KeyOptions {
  readonly name: string;
  readonly scopes: readonly ScopeName[];
  readonly file?: string;
  readonly expires?: Date;
}

/** `regulars keys create`: shows the key once and keeps its hash. */
export function addKeysCommand(
  program: Command,
  terminal: Terminal = processTerminal,
  defaultFile?: string,
): void {
  program
    .command('keys')
    .description('API keys')
    .command('create')
    .description('make an API key; it is shown once, only its hash is kept')
    .requiredOption('--name <name>', 'who uses it, such as "till 3"')
    .requiredOption('--scopes <scopes>', `comma between them: ${scopes.join(', ')}`, scopeList)
    .option(
      '--file <file>',
      `keys file (default: REGULARS_API_KEYS_FILE${defaultFile === undefined ? '' : `, else ${defaultFile}`})`,
    )
    .option('--expires <day>', 'last day of the key, such as 2027-12-31', endOfDay)
    .action((options: KeyOptions) =>
      speaking(terminal, () => createKey(options, terminal, defaultFile)),
    );
}

async function createKey(
  { name, scopes: wanted, file, expires }: KeyOptions,
  terminal: Terminal,
  defaultFile: string | undefined,
): Promise<void> {
  const path = file ?? terminal.env['REGULARS_API_KEYS_FILE'] ?? defaultFile;
  if (path === undefined) {
    throw new CliError('Say where keys are kept, with --file or REGULARS_API_KEYS_FILE.');
  }
  const { text, record } = createApiKey({
    name,
    scopes: wanted,
    createdBy: userInfo().username,
    now: new Date(),
    ...(expires && { expiresAt: expires }),
  });
  await addApiKey(path, record).catch((cause: unknown) => {
    const known = cause instanceof RegularsError || isSystemError(cause);
    throw known ? new CliError(`${path} cannot be written: ${cause.message}`, { cause }) : cause;
  });
  terminal.error(`Key ${record.id} for ${name}, kept in ${path}. It is shown only now:`);
  terminal.out(text);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  // Not by `instanceof`: errors of Node's own functions have another `Error` under Jest.
  return typeof error === 'object' && error !== null && 'errno' in error;
}

function scopeList(text: string): ScopeName[] {
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  const wrong = names.find((name) => !isScope(name));
  if (wrong !== undefined || names.length === 0) {
    throw new InvalidArgumentError(`"${wrong ?? ''}" is no scope; there are ${scopes.join(', ')}.`);
  }
  return names.filter(isScope);
}

function endOfDay(day: string): Date {
  if (!isDay(day)) throw new InvalidArgumentError('Write a day such as 2027-12-31.');
  return new Date(`${day}T23:59:59.999Z`);
}
