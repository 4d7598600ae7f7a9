import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { Consumed, Stream } from '@regulars/contracts';
import type { BatchHandler, BatchTransaction } from './batch-handler.js';

/**
 * Carries a batch through Nest and its outcome back. Nest flattens what a handler throws, so the error travels here
 * instead, and the port can class it.
 */
export interface BatchContext {
  readonly tx: BatchTransaction;
  outcome?: { readonly ok: true } | { readonly ok: false; readonly error: unknown };
}

type Handler<S extends Stream> = new (...dependencies: never[]) => BatchHandler<S>;

export interface OnEventsOptions {
  /**
   * What becomes of a key's later events when one of them is dead: they go on (`pass`, right where every event carries
   * the whole state), or wait behind it in order until it is redriven (`park`).
   */
  readonly whenDead?: 'pass' | 'park';
  /** The only types it hears of. Others are passed over by their headers: their bodies are not looked at. */
  readonly types?: readonly string[];
}

/** Marks a {@link BatchHandler} of a stream. List it under `controllers` of its module. */
export function OnEvents<S extends Stream>(
  stream: S,
  { whenDead = 'pass', types }: OnEventsOptions = {},
): (target: Handler<S>) => void {
  return (target) => {
    const prototype = target.prototype as BatchHandler<S> & Record<string, unknown>;
    const name = 'consumeBatch';
    async function consumeBatch(
      this: BatchHandler<S>,
      events: readonly Consumed<S>[],
      context: BatchContext,
    ): Promise<void> {
      try {
        await this.handle(events, context.tx);
        context.outcome = { ok: true };
      } catch (error) {
        context.outcome = { ok: false, error };
      }
    }
    const descriptor = { value: consumeBatch, writable: true, configurable: true };
    Object.defineProperty(prototype, name, descriptor);
    EventPattern(stream, undefined, { batch: true, parks: whenDead === 'park', types })(
      prototype,
      name,
      descriptor,
    );
    // Without these Nest hands over the first argument only.
    Payload()(prototype, name, 0);
    Ctx()(prototype, name, 1);
    Controller()(target);
  };
}
