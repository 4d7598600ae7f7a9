export { CliError } from './cli-error.js';
export { addImportCommands } from './import-commands.js';
export { addKeysCommand } from './keys-command.js';
export { processTerminal, speaking, type Terminal } from './terminal.js';
