/** Injection token of the service's {@link Logger}: Nest's own is one for the whole process, and names no service. */
export const LOGGER = Symbol('LOGGER');
