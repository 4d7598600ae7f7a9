import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import { ChannelCatalog } from '../channels/channel-catalog.provider.js';
import { enrolmentStore } from '../enrolments/enrolment.store.js';
import { customerFactsStore } from '../guardrails/customer-facts.store.js';
import { taskStore } from '../tasks/task.store.js';
import { TouchLedger } from '../touches/touch-ledger.use-case.js';
import { touchStore } from '../touches/touch.store.js';
import type { Touch } from '../touches/touch.js';
import { judgeBatch, type Judged } from './judge-batch.js';
import { ReadingProgress } from './reading-progress.use-case.js';
import { sendStore } from './send.store.js';
import { wordTouches, type Allowed, type Worded } from './word-touches.use-case.js';

/**
 * The reservation: judges due touches under their customers' locks and moves each one on, in one transaction. Tasks
 * and captured messages are done with it; on a live channel the provider is called only after the commit.
 */
@Injectable()
export class ReserveTouches {
  constructor(
    @Inject(CAMPAIGN_SETTINGS) private readonly settings: CampaignSettings,
    private readonly channels: ChannelCatalog,
    private readonly ledger: TouchLedger,
    private readonly progress: ReadingProgress,
  ) {}

  /** Of due touches, hands those of live channels to the dispatcher and finishes the others. */
  async due(tx: Transaction, touchIds: readonly string[]): Promise<{ readonly handed: number }> {
    const allowed = await this.judge(tx, await touchStore(tx).find(touchIds));
    const live = allowed.filter((item) => this.isLive(item));
    await sendStore(tx).hand(
      live.map(({ touch }) => touch.id),
      tx.clock.now(),
    );
    await this.finish(
      tx,
      await this.word(
        tx,
        allowed.filter((item) => !this.isLive(item)),
      ),
    );
    return { handed: live.length };
  }

  /** Judges ready touches again and moves to `sending` those that may leave now. */
  async forSending(tx: Transaction, touchIds: readonly string[]): Promise<Worded[]> {
    const worded = await this.word(tx, await this.judge(tx, await sendStore(tx).ready(touchIds)));
    await this.finish(
      tx,
      worded.filter((item) => !this.isLive(item)),
    );
    const live = worded.filter((item) => this.isLive(item));
    const reserved = await sendStore(tx).reserve(
      live.map(({ touch, channel, templateUsed }) => ({ id: touch.id, channel, templateUsed })),
      tx.clock.now(),
    );
    await this.ledger.record(
      tx,
      reserved.map((touch) => ({ touch, type: 'TouchSending' })),
    );
    const byId = new Map(reserved.map((touch) => [touch.id, touch]));
    return live.flatMap((item) => {
      const touch = byId.get(item.touch.id);
      return touch ? [{ ...item, touch }] : [];
    });
  }

  private isLive({ channel }: Allowed): boolean {
    return channel !== 'task' && this.channels.mode(channel) === 'live';
  }

  /** Defers and skips with a reason what may not leave; returns the rest. */
  private async judge(tx: Transaction, found: readonly Touch[]): Promise<Allowed[]> {
    const now = tx.clock.now();
    const open = found.filter(({ state }) => state === 'planned' || state === 'deferred');
    if (open.length === 0) return [];
    const { quietHours, frequencyCap, companyZone } = this.settings;
    const since = new Date(now.getTime() - frequencyCap.days * 86_400_000);
    const consumer = tx.service;
    const customers = await customerFactsStore(tx, { companyZone, consumer }).load(
      open.map(({ customerId }) => customerId),
      since,
    );
    const briefs = await sendStore(tx).briefs([...new Set(open.map((t) => t.campaignId))]);
    const judged = judgeBatch(
      open,
      customers,
      (touch) =>
        briefs.get(`${touch.campaignId}/${String(touch.campaignVersion)}`) ?? {
          purpose: 'marketing',
          paused: true,
        },
      { quietHours, frequencyCap, behind: this.progress.isBehind(this.settings.behindLimitMs) },
      now,
    );
    await this.refuse(tx, judged);
    return judged.flatMap(({ touch, customer, verdict }) =>
      customer && verdict.kind === 'send' ? [{ touch, customer, channel: verdict.channel }] : [],
    );
  }

  private async refuse(tx: Transaction, judged: readonly Judged[]): Promise<void> {
    await this.ledger.defer(
      tx,
      judged.flatMap(({ touch, verdict }) =>
        verdict.kind === 'defer' ? [{ touch, reason: verdict.reason, until: verdict.until }] : [],
      ),
    );
    const skips = judged.flatMap(({ touch, verdict }) =>
      verdict.kind === 'skip' ? [{ touch, reason: verdict.reason }] : [],
    );
    await this.skipAll(tx, skips);
  }

  private async word(tx: Transaction, allowed: readonly Allowed[]): Promise<Worded[]> {
    const wordings = await wordTouches(tx, allowed, this.settings.companyName);
    await this.skipAll(
      tx,
      wordings.flatMap((w) => ('refused' in w ? [{ touch: w.touch, reason: w.refused }] : [])),
    );
    return wordings.flatMap((wording) => ('refused' in wording ? [] : [wording]));
  }

  private async skipAll(
    tx: Transaction,
    skips: readonly { touch: Touch; reason: Parameters<TouchLedger['skip']>[2] }[],
  ): Promise<void> {
    for (const [reason, group] of Map.groupBy(skips, ({ reason }) => reason))
      await this.ledger.skip(
        tx,
        group.map(({ touch }) => touch),
        reason,
      );
  }

  /** Tasks become rows, captured messages are kept: done, exactly once, with this transaction. */
  private async finish(tx: Transaction, worded: readonly Worded[]): Promise<void> {
    const now = tx.clock.now();
    const [tasks, captured] = [
      worded.filter(({ channel }) => channel === 'task'),
      worded.filter(({ channel }) => channel !== 'task'),
    ];
    await taskStore(tx).insert(
      tasks.map(({ touch, customer, message }) => ({
        id: newId(),
        customerId: customer.id,
        touchId: touch.id,
        kind: 'touch',
        script: message.text,
        dueAt: now,
        attempt: 1,
      })),
      now,
    );
    await sendStore(tx).keepMessages(
      captured.map(({ touch, customer, channel, message }) => ({
        touchId: touch.id,
        customerId: customer.id,
        channel,
        message,
      })),
      now,
    );
    const update = (state: 'sent' | 'captured') => (item: Worded) => ({
      id: item.touch.id,
      state,
      reason: item.touch.state === 'deferred' ? 'deferral-over' : item.touch.reason,
      channel: item.channel,
      templateUsed: item.templateUsed,
      sentAt: now,
    });
    await this.ledger.advance(tx, 'TouchSent', tasks.map(update('sent')));
    await this.ledger.advance(tx, 'TouchCaptured', captured.map(update('captured')));
    await enrolmentStore(tx).endCompleted(
      worded.map(({ touch }) => touch.enrolmentId),
      now,
    );
  }
}
