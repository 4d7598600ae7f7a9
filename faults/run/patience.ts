/** How long a run waits for what must come: a limit for what is broken, not for a machine that others keep busy. */
export const PATIENCE_MS = 300_000;
