import { readFileSync } from 'node:fs';
import { RegularsError, type Result } from '@regulars/kernel';

export type Env = Readonly<Record<string, string | undefined>>;
/** What a text means, or what it must be instead ("must be ..."). */
export type Reader<T> = (text: string) => Result<T, string>;

/** The environment was wrong. The message lists every fault, one per line, and no secret. */
export class ConfigError extends RegularsError {
  constructor(readonly faults: readonly string[]) {
    super('bad-configuration', `The configuration is wrong:\n${faults.map(asLine).join('\n')}`);
  }
}

/** Reads variables and gathers what is wrong with them, so that all faults are told at once. */
export class Variables {
  private readonly faults: string[] = [];

  constructor(private readonly env: Env) {}

  /** The value of the first of `names` that is set. An empty one counts as not set, as compose passes them. */
  read<T>(names: readonly string[], reader: Reader<T>): T | undefined {
    const name = names.find((candidate) => this.isSet(candidate));
    return name === undefined ? undefined : this.parsed(name, this.env[name] ?? '', reader);
  }

  /** Like {@link read}, and also from the file that `<name>_FILE` points to. Its text is never told. */
  readSecret<T>(names: readonly string[], reader: Reader<T>): T | undefined {
    const name = names.find(
      (candidate) => this.isSet(candidate) || this.isSet(`${candidate}_FILE`),
    );
    if (name === undefined) return undefined;
    const text = this.secretText(name);
    if (text === undefined) return undefined;
    const result = reader(text);
    if (result.ok) return result.value;
    this.fault(`${name} ${result.error}.`);
    return undefined;
  }

  required<T>(name: string, value: T | undefined, hint: string): T | undefined {
    // A value that was set and refused has been told of already.
    const told = this.faults.some((fault) => fault.startsWith(name));
    if (value === undefined && !told) this.fault(`${name} is not set. ${hint}`);
    return value;
  }

  fault(text: string): void {
    this.faults.push(text);
  }

  /** Throws when anything was wrong. */
  settle(): void {
    if (this.faults.length > 0) throw new ConfigError(this.faults);
  }

  private isSet(name: string): boolean {
    return (this.env[name] ?? '') !== '';
  }

  private parsed<T>(name: string, text: string, reader: Reader<T>): T | undefined {
    const result = reader(text);
    if (result.ok) return result.value;
    this.fault(`${name} ${result.error}, not ${JSON.stringify(text.slice(0, 100))}.`);
    return undefined;
  }

  private secretText(name: string): string | undefined {
    const file = `${name}_FILE`;
    if (!this.isSet(file)) return this.env[name];
    if (this.isSet(name)) {
      this.fault(`${name} and ${file} are both set: keep one.`);
      return undefined;
    }
    try {
      return readFileSync(this.env[file] ?? '', 'utf8').trim();
    } catch {
      this.fault(`${file} points to ${this.env[file] ?? ''}, which cannot be read.`);
      return undefined;
    }
  }
}

function asLine(fault: string): string {
  return `  - ${fault}`;
}
