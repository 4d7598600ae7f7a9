import {
  failedForGood,
  failedForNow,
  unknown,
  type FailureReason,
  type SendResult,
} from './channel.js';

/** The parts of the SMTP client's error that the judgement needs. */
export interface SmtpFailure {
  readonly code?: string | undefined;
  /** The system's own code (ECONNREFUSED), where the client replaced it. */
  readonly originalCode?: string | undefined;
  readonly responseCode?: number | undefined;
  readonly command?: string | undefined;
}

/**
 * What a failed SMTP send means. A reply is certain, whenever it comes: the server says it did not take the
 * message. Without a reply everything hangs on whether the content had begun to leave. Pure.
 */
export function smtpOutcome(failure: SmtpFailure, contentHandedOver: boolean): SendResult {
  if (failure.responseCode !== undefined) return refusal(failure.responseCode, failure);
  if (contentHandedOver) {
    return unknown(failure.code === 'ETIMEDOUT' ? 'answer-timeout' : 'connection-broken');
  }
  if (failure.code === 'EENVELOPE') return failedForGood('address-refused');
  if (failure.code === 'EMESSAGE') return failedForGood('content-refused');
  return failedForNow(whyNotConnected(failure));
}

function refusal(status: number, { code, command }: SmtpFailure): SendResult {
  // Wrong credentials are the operator's to mend; the customer's message is not to blame and may go later.
  if (code === 'EAUTH' || status === 530) return failedForNow('sign-in-refused');
  if (status === 421) return failedForNow('throttled');
  if (status < 500) return failedForNow('refused-for-now');
  if (command === 'RCPT TO') return failedForGood('address-refused');
  if (command === 'DATA') return failedForGood('content-refused');
  if (command === 'MAIL FROM') return failedForGood('refused');
  // A 5xx to greeting or EHLO speaks of the server, not of this message.
  return failedForNow('refused-for-now');
}

function whyNotConnected({ code, originalCode }: SmtpFailure): FailureReason {
  if (code === 'EDNS') return 'host-not-found';
  if (code === 'EAUTH') return 'sign-in-refused';
  if (code === 'ETIMEDOUT') return 'connect-timeout';
  if (originalCode === 'ECONNREFUSED') return 'connection-refused';
  if (code === 'ETLS' || /CERT|TLS|SSL|EPROTO|SIGNED|VERIFY/.test(originalCode ?? '')) {
    return 'tls-failed';
  }
  return 'connection-lost';
}
