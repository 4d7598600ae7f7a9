import { Module } from '@nestjs/common';
import { SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import { AgendaController } from './agenda/agenda.controller.js';
import { KeepAgreements } from './agreements/keep-agreements.use-case.js';
import { MakeAgreement } from './agreements/make-agreement.use-case.js';
import { OnAgreementDue } from './agreements/on-agreement-due.js';
import { AnswerTouch } from './answers/answer-touch.use-case.js';
import { AnswersController } from './answers/answers.controller.js';
import { StopCustomer } from './answers/stop-customer.use-case.js';
import { Unsolicited } from './answers/unsolicited.use-case.js';
import { OnBacklogRelease } from './backlog/on-backlog-release.js';
import { ReleaseBacklog } from './backlog/release-backlog.use-case.js';
import { CAMPAIGN_SETTINGS, campaignSettings } from './campaigns.config.js';
import { CampaignsController } from './campaigns/campaigns.controller.js';
import { OnCampaignScan } from './campaigns/on-campaign-scan.js';
import { PreviewCampaign } from './campaigns/preview-campaign.use-case.js';
import { ChannelsModule } from './channels/channels.module.js';
import { ApplyOptOuts } from './customers/apply-opt-outs.use-case.js';
import { EraseCustomer } from './customers/erase-customer.use-case.js';
import { OnCustomerProfiles } from './customers/on-customer-profiles.js';
import { OnCustomers } from './customers/on-customers.js';
import { OnSegments } from './customers/on-segments.js';
import { Dispatcher } from './dispatch/dispatcher.use-case.js';
import { FinishSend } from './dispatch/finish-send.use-case.js';
import { OnTouchDue } from './dispatch/on-touch-due.js';
import { ReadingProgress } from './dispatch/reading-progress.use-case.js';
import { ReserveTouches } from './dispatch/reserve-touches.use-case.js';
import { Sender } from './dispatch/sender.use-case.js';
import { ApplyWalk } from './enrolments/apply-walk.use-case.js';
import { WalkLadders } from './enrolments/walk-ladders.use-case.js';
import { OnForecasts } from './forecasts/on-forecasts.js';
import { OffersController } from './offers/offers.controller.js';
import { OnPurchases } from './purchases/on-purchases.js';
import { ReadBack } from './read-back/read-back.use-case.js';
import { CompleteTask } from './tasks/complete-task.use-case.js';
import { OnBookingCheck } from './tasks/on-booking-check.js';
import { TaskFollowUp } from './tasks/task-follow-up.use-case.js';
import { TasksController } from './tasks/tasks.controller.js';
import { TemplatesModule } from './templates/index.js';
import { TouchLedger } from './touches/touch-ledger.use-case.js';
import { TouchMetrics } from './touches/touch.metrics.js';
import { TouchesController } from './touches/touches.controller.js';

@Module({
  imports: [ChannelsModule, TemplatesModule],
  controllers: [
    OnCustomers,
    OnCustomerProfiles,
    OnPurchases,
    OnForecasts,
    OnSegments,
    CampaignsController,
    AnswersController,
    TouchesController,
    TasksController,
    OffersController,
    AgendaController,
  ],
  providers: [
    {
      provide: CAMPAIGN_SETTINGS,
      inject: [SERVICE_CONFIG],
      useFactory: (config: ServiceConfig) => campaignSettings(config),
    },
    TouchMetrics,
    TouchLedger,
    WalkLadders,
    ApplyWalk,
    ApplyOptOuts,
    EraseCustomer,
    PreviewCampaign,
    ReleaseBacklog,
    ReserveTouches,
    ReadingProgress,
    Sender,
    FinishSend,
    Dispatcher,
    ReadBack,
    AnswerTouch,
    StopCustomer,
    Unsolicited,
    MakeAgreement,
    KeepAgreements,
    TaskFollowUp,
    CompleteTask,
    OnTouchDue,
    OnCampaignScan,
    OnBacklogRelease,
    OnAgreementDue,
    OnBookingCheck,
  ],
})
export class CampaignsModule {}
