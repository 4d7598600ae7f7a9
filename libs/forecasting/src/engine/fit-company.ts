import { createHash } from 'node:crypto';
import { judgeCandidate } from '../backtest/index.js';
import { EarlierFits } from '../calibration/earlier-fits.js';
import type { JudgedFit } from '../engine.js';
import { fitSpend } from '../fitting/fit-spend.js';
import type { ModelBasis } from '../forecast.js';
import { ENGINE, type PurchaseCycleModel } from '../forecast/cycle-model.js';
import { fitCycleModel } from '../forecast/fit-cycle-model.js';
import { purchaseCycle, standing } from '../forecast/purchase-cycle.js';
import { KnownHistory, type PurchaseHistories } from '../statistics/index.js';
import type { CompanyModel } from './company-model.js';
import { withSoundness } from './soundness.js';
import { inOrderOfContent, type Population } from './population.js';

/** A category of fewer customers says nothing of its own. */
const CATEGORY_CUSTOMERS = 20;

/** Fits the company, then its categories as parts of it, and judges the fit as it would be served. */
export function fitCompany(
  population: Population,
  asOfDay: number,
  inUse?: CompanyModel,
): JudgedFit<CompanyModel> {
  const histories = inOrderOfContent(population.company);
  const known = (of: PurchaseHistories): KnownHistory =>
    new KnownHistory(inOrderOfContent(of), asOfDay);
  const earlierFits = new EarlierFits();
  const company = fitCycleModel(new KnownHistory(histories, asOfDay), { earlierFits });
  // What it would have been on earlier days differs little, so the judge's fits start from it.
  const warmStart = company.parameters;
  const candidate = purchaseCycle({ warmStart, quick: true, earlierFits });
  const active = inUse && {
    forecaster: standing(inUse.company),
    asOfDay: inUse.company.asOfDay,
  };
  const verdict = judgeCandidate(histories, { candidate, ...(active && { active }) });
  const gate = withSoundness(verdict, company);
  return {
    gate,
    model: nameModel({
      basis: basisOf(company, gate.verdict === 'pass'),
      customers: company.customers,
      repeatCustomers: company.repeatCustomers,
      company,
      categories: byName(
        [...population.categories].filter(([, { size }]) => size >= CATEGORY_CUSTOMERS),
        (of) => fitCycleModel(known(of), { company }),
      ),
      spend: byName([...population.currencies], (of) =>
        fitSpend(known(of).statisticsAsOf(asOfDay)),
      ),
    }),
  };
}

export function nameModel(
  content: Omit<CompanyModel, 'engine' | 'version'>,
  version = digestOf(content),
): CompanyModel {
  return { engine: ENGINE, version: `${ENGINE}/${version}`, ...content };
}

function digestOf(content: object): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
}

/** "Own data" is said of a model that has passed the gate only; without enough to judge, the prior still carries it. */
function basisOf({ basis }: PurchaseCycleModel, passed: boolean): ModelBasis {
  return basis === 'own data' && !passed ? 'blend' : basis;
}

/** In the order of the names, which the version is made of. */
function byName<T, U>(all: [string, T][], make: (of: T) => U): Record<string, U> {
  const sorted = all.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, of]) => [name, make(of)]));
}
