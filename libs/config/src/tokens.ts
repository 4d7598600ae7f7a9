/** Injection tokens of what has no class of its own. */
export const CLOCK = Symbol('CLOCK');
export const SERVICE_CONFIG = Symbol('SERVICE_CONFIG');
