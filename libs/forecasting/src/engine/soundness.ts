import type { GateCheck, GateReport } from '../backtest/index.js';
import { mixtureOf } from '../fitting/population-parameters.js';
import type { PurchaseCycleModel } from '../forecast/cycle-model.js';
import { expectedCount } from '../models/expected-count.js';
import { GapPosterior } from '../models/gap-posterior.js';

/** Whatever a backtest says: a fit that did not come to rest, or whose numbers cannot be, fails. */
export function withSoundness(gate: GateReport, model: PurchaseCycleModel): GateReport {
  const unsound = soundness(model).filter(({ passed }) => !passed);
  return unsound.length === 0
    ? gate
    : { ...gate, verdict: 'fail', checks: [...unsound, ...gate.checks] };
}

/** Pure: what can be told from the parameters alone. */
export function soundness({ parameters, agreed }: PurchaseCycleModel): GateCheck[] {
  const { a, b } = parameters;
  return [
    within('starts of the fit that agree', agreed ? 2 : 1, 2, 2),
    within('share that drops out', a / (a + b), 0.001, 0.999),
    within('extreme customers with finite numbers', finiteExtremes(parameters), 1, 1),
  ];
}

/** Share of very frequent customers of whom the model can speak. */
function finiteExtremes(parameters: PurchaseCycleModel['parameters']): number {
  const posterior = new GapPosterior(mixtureOf(parameters));
  const frequencies = [0, 50, 500, 5000];
  const finite = frequencies.filter((x) => {
    posterior.load({ x, tx: x / 10, litt: x * Math.log(0.1) });
    const alive = posterior.probabilityAlive(1);
    const count = expectedCount(posterior, { x, u: 1, h: 4 }, 8);
    return alive >= 0 && alive <= 1 && Number.isFinite(count);
  });
  return finite.length / frequencies.length;
}

function within(name: string, value: number, atLeast: number, atMost: number): GateCheck {
  const passed = value >= atLeast && value <= atMost;
  return { name, passed, value, low: value, high: value, atLeast, atMost };
}
