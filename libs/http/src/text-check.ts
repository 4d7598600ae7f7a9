import { badInput } from './problems.js';

interface Place {
  readonly pointer: string;
  readonly in?: 'query' | 'path';
}

/** Whether Postgres takes it. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** 400 for text that Postgres would refuse with an error of its own. */
export function checkText(text: string, at: Place): void {
  if (text.includes('\0')) {
    throw badInput('nul-character', 'Text must not contain NUL characters.', at);
  }
  if (!text.isWellFormed()) {
    throw badInput('lone-surrogate', 'Text must not contain half of a surrogate pair.', at);
  }
}
