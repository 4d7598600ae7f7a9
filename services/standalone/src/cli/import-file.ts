import { BatchClient } from '../import/batch.client.js';
import { RejectedFile, rejectedPathFor } from '../import/rejected-file.js';
import type { ImportSummary } from '../import/import-summary.js';
import type { TextSource } from '../import/read-text.js';
import type { RowReader, Table } from '../import/row.js';
import { runImport } from '../import/run-import.js';
import { CliError } from './cli-error.js';
import { defaultUrl } from './default-url.js';
import { progressOf } from './progress.js';
import type { Terminal } from './terminal.js';

export interface SharedOptions {
  readonly url?: string;
  readonly key?: string;
  readonly dryRun?: boolean;
  readonly rejected?: string;
}

export interface ImportJob {
  readonly file: string;
  readonly source: TextSource;
  readonly table: Table;
  readonly reader: RowReader;
  readonly path: string;
  readonly scope: string;
}

/** What both imports share: sending, showing, and saying what came of it. */
export async function importFile(
  job: ImportJob,
  options: SharedOptions,
  terminal: Terminal,
): Promise<void> {
  const client = options.dryRun === true ? undefined : clientOf(job, options, terminal);
  const rejectedPath = options.rejected ?? rejectedPathFor(job.file);
  const rejected = new RejectedFile(rejectedPath, job.table.columns, job.reader.orderIdColumn);
  const progress = progressOf(job.source, terminal);
  let summary: ImportSummary;
  try {
    summary = await runImport({
      table: job.table,
      reader: job.reader,
      ...(client && { send: (items) => client.send(items) }),
      // A dry run leaves nothing behind.
      reject: async (row) => {
        if (client) await rejected.add(row);
      },
      onProgress: (now) => {
        progress.update(now);
      },
    });
  } finally {
    progress.stop();
    await rejected.close();
  }
  conclude(summary, client === undefined, rejected, terminal);
}

/** 0 when anything was accepted: rejected rows are reported and kept, the rest of the history counts. */
function conclude(
  summary: ImportSummary,
  dryRun: boolean,
  rejected: RejectedFile,
  terminal: Terminal,
): void {
  for (const line of summary.lines()) terminal.out(line);
  if (rejected.made) terminal.out(`Rejected rows with their reasons: ${rejected.path}`);
  if (dryRun) terminal.out('This was a dry run: nothing was sent.');
  if (summary.rows > 0 && summary.accepted === 0) {
    terminal.error('regulars: No row was accepted.');
    terminal.exitWith(1);
  }
}

function clientOf(job: ImportJob, options: SharedOptions, terminal: Terminal): BatchClient {
  const url = options.url ?? terminal.env['REGULARS_URL'] ?? defaultUrl;
  const key = options.key ?? terminal.env['REGULARS_API_KEY'] ?? '';
  if (key === '') {
    throw new CliError(
      'There is no API key. Give one with --key or REGULARS_API_KEY; "regulars keys create" makes one.',
    );
  }
  return new BatchClient({ url, key, path: job.path, scope: job.scope });
}
