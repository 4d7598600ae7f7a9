import { Inject, Injectable } from '@nestjs/common';
import { dayOf, newId } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { timers } from '@regulars/timers';
import { backlogRelease, nextRelease } from '../backlog/release-time.js';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import { TouchLedger, type Causes } from '../touches/touch-ledger.use-case.js';
import { touchStore } from '../touches/touch.store.js';
import type { NewTouch } from '../touches/touch.js';
import type { WalkChange, WalkedCampaign } from './decide-walk.js';
import type { EndReason, NewEnrolment, WalkingCustomer } from './enrolment.js';
import { enrolmentStore } from './enrolment.store.js';
import { newTouches, type PlanReason } from './new-touches.js';
import type { Occasion } from './occasion.js';

/** The changes of one customer in one campaign. */
export interface CustomerWalk {
  readonly campaign: WalkedCampaign;
  readonly customer: WalkingCustomer;
  readonly changes: readonly WalkChange[];
}

type Change<K extends WalkChange['kind']> = CustomerWalk & {
  change: Extract<WalkChange, { kind: K }>;
};

/** Writes what was decided: a statement per table and kind of change, however many customers. */
@Injectable()
export class ApplyWalk {
  constructor(
    private readonly ledger: TouchLedger,
    @Inject(CAMPAIGN_SETTINGS) private readonly settings: CampaignSettings,
  ) {}

  async run(tx: Transaction, walks: readonly CustomerWalk[], causes?: Causes): Promise<void> {
    await this.end(
      tx,
      of(walks, 'end').map(({ change }) => ({
        enrolmentId: change.enrolment.id,
        reason: change.reason,
      })),
      causes,
    );
    await this.move(tx, of(walks, 'move'), causes);
    await this.enrol(tx, of(walks, 'enrol'), causes);
    await this.putBack(tx, of(walks, 'backlog'));
  }

  /** Ends enrolments and skips what they still had planned, for the same reason. */
  async end(
    tx: Transaction,
    ends: readonly { enrolmentId: string; reason: EndReason }[],
    causes?: Causes,
  ): Promise<void> {
    if (ends.length === 0) return;
    await enrolmentStore(tx).end(
      ends.map(({ enrolmentId, reason }) => ({ id: enrolmentId, reason })),
      tx.clock.now(),
    );
    const open = await touchStore(tx).openOf(ends.map(({ enrolmentId }) => enrolmentId));
    const reasonOf = new Map(ends.map(({ enrolmentId, reason }) => [enrolmentId, reason]));
    const byReason = Map.groupBy(open, ({ enrolmentId }) => reasonOf.get(enrolmentId));
    for (const [reason, touches] of byReason) {
      if (reason !== undefined && reason !== 'completed')
        await this.ledger.skip(tx, touches, reason, causes);
    }
  }

  private async enrol(
    tx: Transaction,
    changes: readonly Change<'enrol'>[],
    causes?: Causes,
  ): Promise<void> {
    const touches: NewTouch[] = [];
    const rows = changes.map(({ campaign, customer, change }) => {
      const enrolment = toEnrolment(
        campaign,
        customer,
        change.occasion,
        change.leadDays,
        'running',
      );
      const today = dayOf(tx.clock.now(), customer.timeZone);
      const reason = planReason(campaign, change.occasion);
      touches.push(...newTouches(enrolment, change.steps, customer, reason, today));
      return enrolment;
    });
    const inserted = await enrolmentStore(tx).insert(rows, tx.clock.now());
    await this.ledger.plan(
      tx,
      touches.filter(({ enrolmentId }) => inserted.has(enrolmentId)),
      causes,
    );
  }

  private async putBack(tx: Transaction, changes: readonly Change<'backlog'>[]): Promise<void> {
    if (changes.length === 0) return;
    const now = tx.clock.now();
    await enrolmentStore(tx).insert(
      changes.map(({ campaign, customer, change }) =>
        toEnrolment(campaign, customer, change.occasion, change.leadDays, 'backlog'),
      ),
      now,
    );
    const dueAt = nextRelease(now, this.settings.companyZone);
    await timers(tx).schedule(
      [...new Set(changes.map(({ campaign }) => campaign.id))].map((id) => ({
        kind: backlogRelease,
        key: id,
        dueAt,
      })),
    );
  }

  private async move(
    tx: Transaction,
    changes: readonly Change<'move'>[],
    causes?: Causes,
  ): Promise<void> {
    if (changes.length === 0) return;
    await enrolmentStore(tx).move(
      changes.map(({ change: { enrolment, occasion } }) => ({
        id: enrolment.id,
        triggerDay: occasion.triggerDay,
        lastPurchaseDay: occasion.lastPurchaseDay,
      })),
    );
    const planned = changes.map((walk) => ({ walk, touches: this.touchesOf(tx, walk) }));
    // A backlog that is no longer past has no touches yet; the others keep theirs and get new times.
    const waiting = planned.filter(({ walk }) => walk.change.enrolment.state === 'backlog');
    await this.ledger.plan(
      tx,
      waiting.flatMap(({ touches }) => touches),
      causes,
    );
    const running = planned.filter(({ walk }) => walk.change.enrolment.state === 'running');
    await this.moveOpen(
      tx,
      running.flatMap(({ touches }) => touches),
      causes,
    );
  }

  private async moveOpen(
    tx: Transaction,
    targets: readonly NewTouch[],
    causes?: Causes,
  ): Promise<void> {
    const open = await touchStore(tx).openOf([...new Set(targets.map((t) => t.enrolmentId))]);
    const targetOf = new Map(targets.map((t) => [t.enrolmentId + String(t.step), t]));
    const passed = open.filter((t) => targetOf.get(t.enrolmentId + String(t.step))?.passed);
    await this.ledger.skip(tx, passed, 'day-passed', causes);
    await this.ledger.move(
      tx,
      open.flatMap((touch) => {
        const target = targetOf.get(touch.enrolmentId + String(touch.step));
        if (!target || target.passed || target.dueAt.getTime() === touch.dueAt.getTime()) return [];
        return [
          { id: touch.id, dueAt: target.dueAt, expiresAt: target.expiresAt, reason: 'moved' },
        ];
      }),
      causes,
    );
  }

  private touchesOf(tx: Transaction, { campaign, customer, change }: Change<'move'>): NewTouch[] {
    const { enrolment, occasion, steps } = change;
    const fresh = toEnrolment(campaign, customer, occasion, 0, 'running');
    const same = { ...fresh, id: enrolment.id, campaignVersion: enrolment.campaignVersion };
    const today = dayOf(tx.clock.now(), customer.timeZone);
    return newTouches(same, steps, customer, planReason(campaign, occasion), today);
  }
}

function of<K extends WalkChange['kind']>(walks: readonly CustomerWalk[], kind: K): Change<K>[] {
  return walks.flatMap((walk) =>
    walk.changes
      .filter((change): change is Extract<WalkChange, { kind: K }> => change.kind === kind)
      .map((change) => ({ ...walk, change })),
  );
}

function toEnrolment(
  campaign: WalkedCampaign,
  customer: WalkingCustomer,
  occasion: Occasion,
  leadDays: number,
  state: 'running' | 'backlog',
): NewEnrolment {
  return {
    id: newId(),
    campaignId: campaign.id,
    campaignVersion: campaign.version,
    customerId: customer.id,
    cycle: occasion.cycle,
    state,
    triggerDay: occasion.triggerDay,
    lastPurchaseDay: occasion.lastPurchaseDay,
    released: false,
    leadDays,
    moneyAtRiskMinor: occasion.moneyAtRiskMinor,
    segment: customer.segment ?? null,
    forecastModelVersion: occasion.forecast?.modelVersion ?? null,
    forecastEpoch: occasion.forecast?.epoch ?? null,
    forecastSequence: occasion.forecast?.sequence ?? null,
  };
}

function planReason(campaign: WalkedCampaign, { forecast }: Occasion): PlanReason {
  if (campaign.definition.trigger.kind === 'purchase') return 'purchase';
  return forecast?.dueDay === undefined ? 'remind-day' : 'due-day';
}
