import { InvalidArgumentError, type Command } from 'commander';

/** `--map field=column`, for files whose columns have other names; undefined when nothing was mapped. */
export function addMapOption(command: Command): Command {
  return command.option(
    '--map <field=column>',
    'a field stands in this column; repeat it for more',
    addMapping,
  );
}

function addMapping(
  text: string,
  earlier: ReadonlyMap<string, string> | undefined,
): Map<string, string> {
  const [, field, column] = /^([a-z_]+)=(.+)$/.exec(text) ?? [];
  if (field === undefined || column === undefined) {
    throw new InvalidArgumentError('Write field=column, for example date=order_date.');
  }
  return new Map([...(earlier ?? []), [field, column]]);
}
