import type { z } from 'zod';
import { Referral } from '../../contracts/cases.js';
import type { DocumentInput } from '../../contracts/command.js';
import { IdParams } from '../../contracts/common.js';
import * as shape from '../../contracts/referrals.js';
import type { Bilingual, ErrorCode } from '../../domain/errors.js';
import type { ReferralCommand } from '../../domain/referral/decide.js';
import { executeReferral } from '../../engine/execute-referral.js';
import { getReferral } from '../../engine/read/referrals.js';
import { afterCommand } from '../outcome.js';
import { type Route, route } from '../route.js';

type WithDocument = {
  readonly document?: DocumentInput | undefined;
  readonly files?: readonly string[] | undefined;
};

interface Act<B extends z.ZodType<WithDocument>> {
  /** Below `/v1/referrals/{id}/`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: Bilingual;
  readonly body: B;
  readonly problems?: readonly ErrorCode[];
  readonly idempotency?: 'required';
  command(input: Omit<z.output<B>, 'document' | 'files'>): ReferralCommand;
}

/** A command on one case as a route. */
function act<B extends z.ZodType<WithDocument>>(definition: Act<B>): Route {
  return route({
    method: 'post',
    path: `/v1/referrals/{id}/${definition.path}`,
    operationId: definition.operationId,
    tag: 'referrals',
    summary: definition.summary,
    params: IdParams,
    body: definition.body,
    success: { status: 200, schema: Referral },
    problems: ['own_cause', 'transition_not_allowed', ...(definition.problems ?? [])],
    idempotency: definition.idempotency ?? 'optional',
    ifMatch: 'optional',
    async handler(call, { params, body }) {
      const { document, files, ...input } = body;
      const outcome = await executeReferral(
        call.engine,
        call.command(document, files),
        params.id,
        definition.command(input),
      );
      return await afterCommand(outcome, () => getReferral(call.engine, call.viewer, params.id));
    },
  });
}

export const referralActRoutes: readonly Route[] = [
  act({
    path: 'objection',
    operationId: 'objectToReferral',
    summary: { vi: 'Đơn vị phản đối', en: 'Object to the facts, within the window' },
    body: shape.Objection,
    problems: ['document_required', 'happened_in_future'],
    command: (input) => ({ action: 'object', input }),
  }),
  act({
    path: 'opinion',
    operationId: 'giveOpinion',
    summary: { vi: 'Cơ quan thường trực cho ý kiến', en: 'The standing agency’s opinion on an objection' },
    body: shape.Opinion,
    command: (input) => ({ action: 'give_opinion', input }),
  }),
  act({
    path: 'decision',
    operationId: 'decideObjection',
    summary: { vi: 'Quyết định về phản đối', en: 'Decide an objection' },
    body: shape.ObjectionDecision,
    command: (input) => ({ action: 'decide', input }),
  }),
  act({
    path: 'release',
    operationId: 'releaseReferral',
    summary: { vi: 'Chuyển hồ sơ kèm văn bản đã ký', en: 'Release the case with the signed letter' },
    body: shape.Release,
    problems: ['document_required'],
    idempotency: 'required',
    command: (input) => ({ action: 'release', input }),
  }),
  act({
    path: 'withdraw',
    operationId: 'withdrawReferral',
    summary: { vi: 'Rút hồ sơ', en: 'Withdraw the case' },
    body: shape.WithdrawReferral,
    idempotency: 'required',
    command: (input) => ({ action: 'withdraw', input }),
  }),
  act({
    path: 'supplement-request',
    operationId: 'requestSupplement',
    summary: { vi: 'Sở Nội vụ yêu cầu bổ sung', en: 'Home Affairs asks for a supplement' },
    body: shape.SupplementRequest,
    command: (input) => ({ action: 'request_supplement', input }),
  }),
  act({
    path: 'supplement',
    operationId: 'supplementReferral',
    summary: { vi: 'Bổ sung hồ sơ', en: 'Supplement the case' },
    body: shape.Supplement,
    command: (input) => ({ action: 'supplement', input }),
  }),
  act({
    path: 'acknowledge',
    operationId: 'acknowledgeReferral',
    summary: { vi: 'Sở Nội vụ tiếp nhận', en: 'Home Affairs acknowledges' },
    body: shape.AcknowledgeReferral,
    command: (input) => ({ action: 'acknowledge', input }),
  }),
  act({
    path: 'outcome',
    operationId: 'recordOutcome',
    summary: { vi: 'Ghi kết quả xử lý', en: 'Record the outcome' },
    body: shape.Outcome,
    command: (input) => ({ action: 'record_outcome', input }),
  }),
  act({
    path: 'correction',
    operationId: 'correctReferralFacts',
    summary: {
      vi: 'Gửi đính chính dữ kiện bằng văn bản riêng',
      en: 'Send what has changed of the facts as a document of its own',
    },
    body: shape.FactsCorrection,
    problems: ['document_required'],
    command: (input) => ({ action: 'correct_facts', input }),
  }),
  act({
    path: 'outcome/correction',
    operationId: 'correctOutcome',
    summary: { vi: 'Đính chính kết quả xử lý', en: 'Correct the outcome' },
    body: shape.OutcomeCorrection,
    problems: ['document_required'],
    command: (input) => ({ action: 'correct_outcome', input }),
  }),
];
