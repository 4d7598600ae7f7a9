import { AgreementEntity } from './agreements/agreement.entity.js';
import { AnswerEntity } from './answers/answer.entity.js';
import { SuppressionEntity } from './answers/suppression.entity.js';
import { CampaignEntity, CampaignVersionEntity } from './campaigns/campaign.entity.js';
import { CustomerEntity } from './customers/customer.entity.js';
import { ProfileEntity } from './customers/profile.entity.js';
import { EnrolmentEntity } from './enrolments/enrolment.entity.js';
import { ForecastEntity } from './forecasts/forecast.entity.js';
import { OfferEntity, OfferLedgerEntity } from './offers/offer.entity.js';
import { PurchaseEntity } from './purchases/purchase.entity.js';
import { TaskEntity } from './tasks/task.entity.js';
import { TouchEntity, TouchChangeEntity, TouchMessageEntity } from './touches/touch.entity.js';

/** Every table of this service but those of templates and of the frame. */
export const campaignsEntities = [
  CustomerEntity,
  ProfileEntity,
  PurchaseEntity,
  ForecastEntity,
  CampaignEntity,
  CampaignVersionEntity,
  EnrolmentEntity,
  TouchEntity,
  TouchChangeEntity,
  TouchMessageEntity,
  TaskEntity,
  AnswerEntity,
  AgreementEntity,
  SuppressionEntity,
  OfferEntity,
  OfferLedgerEntity,
];
