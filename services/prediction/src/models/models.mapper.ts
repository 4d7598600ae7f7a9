import { engine, type Model } from './engine.js';
import type { GateReport } from '@regulars/forecasting';
import type {
  GateResponse,
  ModelResponse,
  RescoringResponse,
  StatedCyclesBody,
  StatedCyclesResponse,
} from './models.dto.js';
import type { LiveRecord } from './live-record.js';
import type { ModelRow } from './models.store.js';
import type { RescoringRow } from './rescorings.store.js';
import type { StatedCycleRow } from './stated-cycles.store.js';

export function toModel(row: ModelRow): ModelResponse {
  return {
    version: row.version,
    engine: row.engine,
    basis: row.basis,
    active: row.active,
    fittedAsOf: row.fittedAsOf,
    customers: row.customers,
    repeatCustomers: row.repeatCustomers,
    purchaseDays: row.purchaseDays,
    parameters: parametersOf(row.parameters),
    gate: toGate(row.gate),
    createdAt: row.createdAt.toISOString(),
  };
}

/** The numbers that a fit found; those of an engine that is no longer in use are not read. */
function parametersOf({ company }: Partial<Pick<Model, 'company'>>): Record<string, number> {
  if (company === undefined) return {};
  const { parameters, ownShare, level, newDays, medianGapDays } = company;
  return { ...parameters, ownShare, level, newDays, medianGapDays };
}

function toGate({ verdict, origins, buyers, checks }: GateReport): GateResponse {
  return { verdict, origins: [...origins], buyers, checks: checks.map((check) => ({ ...check })) };
}

/** With how its forecasts stood up to the purchases that came; a version that met none has no record. */
export function withLive(model: ModelResponse, live: LiveRecord | undefined): ModelResponse {
  return live === undefined ? model : { ...model, live };
}

export function builtInPriorResponse(): ModelResponse {
  const { version, basis } = engine.builtInPrior;
  const nobody = { customers: 0, repeatCustomers: 0, purchaseDays: 0 };
  const parameters = parametersOf(engine.builtInPrior);
  return { version, engine: engine.name, basis, active: true, parameters, ...nobody };
}

export function toRescoring(row: RescoringRow): RescoringResponse {
  return {
    id: row.id,
    url: `/v1/models/rescorings/${row.id}`,
    state: row.state,
    modelVersion: row.modelVersion,
    fitPending: row.fitPending,
    asOf: row.asOf,
    customers: row.customers,
    changed: row.changed,
    requestedAt: row.requestedAt.toISOString(),
    ...(row.finishedAt === null ? {} : { finishedAt: row.finishedAt.toISOString() }),
  };
}

export function toRows(body: StatedCyclesBody): StatedCycleRow[] {
  return [
    ...(body.all === undefined ? [] : [{ scope: 'all' as const, code: '', days: body.all }]),
    ...(body.categories ?? []).map(({ category, days }) => ({
      scope: 'category' as const,
      code: category,
      days,
    })),
    ...(body.products ?? []).map(({ productId, days }) => ({
      scope: 'product' as const,
      code: productId,
      days,
    })),
  ];
}

export function toStatedCycles(rows: readonly StatedCycleRow[]): StatedCyclesResponse {
  const all = rows.find(({ scope }) => scope === 'all');
  return {
    ...(all ? { all: all.days } : {}),
    categories: rows
      .filter(({ scope }) => scope === 'category')
      .map(({ code, days }) => ({ category: code, days })),
    products: rows
      .filter(({ scope }) => scope === 'product')
      .map(({ code, days }) => ({ productId: code, days })),
  };
}
