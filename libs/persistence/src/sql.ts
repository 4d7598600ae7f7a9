/** A statement with its parameters; made by {@link sql} only, so that no value is ever pasted into text. */
export interface Sql {
  readonly text: string;
  readonly values: readonly unknown[];
}

const fragment = Symbol('sql');

/** A name of a schema or a table as part of a statement; from our own constants and settings, never from a caller. */
export function identifier(...names: readonly string[]): Sql {
  const wrong = names.find((name) => !/^[a-z][a-z0-9_]{0,62}$/.test(name));
  if (wrong !== undefined) throw new RangeError(`Not a name in a database of ours: ${wrong}`);
  const text = names.map((name) => `"${name}"`).join('.');
  return { text, values: [], [fragment]: true } as Sql;
}

function isSql(value: unknown): value is Sql {
  return typeof value === 'object' && value !== null && fragment in value;
}

/**
 * SQL with parameters: sql`select ... where id = ${id}` becomes `... id = $1`. A nested {@link Sql} is
 * spliced in with its own parameters. Arrays are parameters too (`= any(${ids}::uuid[])`).
 */
export function sql(strings: TemplateStringsArray, ...inputs: readonly unknown[]): Sql {
  const values: unknown[] = [];
  let text = strings[0] ?? '';
  inputs.forEach((input, index) => {
    if (isSql(input)) {
      const shift = values.length;
      text += input.text.replace(/\$(\d+)/g, (_, n: string) => `$${String(Number(n) + shift)}`);
      values.push(...input.values);
    } else {
      values.push(input);
      text += `$${String(values.length)}`;
    }
    text += strings[index + 1] ?? '';
  });
  return { text, values, [fragment]: true } as Sql;
}
