import type { z } from 'zod';
import type { DocumentInput } from '../../contracts/command.js';
import { IdParams } from '../../contracts/common.js';
import * as shape from '../../contracts/referrals.js';
import { Referral } from '../../contracts/resources.js';
import type { Role } from '../../domain/actor.js';
import type { Bilingual, ErrorCode } from '../../domain/errors.js';
import type { ReferralCommand } from '../../domain/referral/decide.js';
import { REFERRAL_TABLE, type ReferralAction, type ReferralRelation } from '../../domain/referral/table.js';
import { executeReferral } from '../../engine/execute.js';
import { getReferral } from '../../engine/read/referrals.js';
import { afterCommand } from '../outcome.js';
import { type Route, route } from '../route.js';

const ROLE_OF_RELATION: Readonly<Record<ReferralRelation, Role>> = {
  subject: 'unit',
  standing_agency: 'standing_agency',
  supervisor: 'supervisor',
  home_affairs: 'home_affairs',
};

/** From the table that the decider asks; of a case against Home Affairs its acts are the supervisor's. */
function rolesOf(action: ReferralAction): readonly Role[] {
  const by: readonly ReferralRelation[] = REFERRAL_TABLE[action].by;
  const roles = new Set(by.map((relation) => ROLE_OF_RELATION[relation]));
  if (roles.has('home_affairs')) roles.add('supervisor');
  return [...roles];
}

type WithDocument = { readonly document?: DocumentInput | undefined };

interface Act<B extends z.ZodType<WithDocument>> {
  /** Below `/v1/referrals/{id}/`. */
  readonly path: string;
  readonly operationId: string;
  readonly action: ReferralAction;
  readonly summary: Bilingual;
  readonly body: B;
  readonly problems?: readonly ErrorCode[];
  readonly idempotency?: 'required';
  command(input: Omit<z.output<B>, 'document'>): ReferralCommand;
}

/** A command on one case as a route. */
function act<B extends z.ZodType<WithDocument>>(definition: Act<B>): Route {
  return route({
    method: 'post',
    path: `/v1/referrals/{id}/${definition.path}`,
    operationId: definition.operationId,
    tag: 'referrals',
    summary: definition.summary,
    access: rolesOf(definition.action),
    params: IdParams,
    body: definition.body,
    success: { status: 200, schema: Referral },
    problems: ['own_cause', 'transition_not_allowed', ...(definition.problems ?? [])],
    idempotency: definition.idempotency ?? 'optional',
    ifMatch: 'none',
    async handler(call, { params, body }) {
      const { document, ...input } = body;
      const outcome = await executeReferral(
        call.engine,
        call.command(document),
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
    action: 'object',
    summary: { vi: 'Đơn vị phản đối', en: 'Object to the facts, within the window' },
    body: shape.Objection,
    command: (input) => ({ action: 'object', input }),
  }),
  act({
    path: 'opinion',
    operationId: 'giveOpinion',
    action: 'give_opinion',
    summary: { vi: 'Cơ quan thường trực cho ý kiến', en: 'The standing agency’s opinion on an objection' },
    body: shape.Opinion,
    command: (input) => ({ action: 'give_opinion', input }),
  }),
  act({
    path: 'decision',
    operationId: 'decideObjection',
    action: 'decide',
    summary: { vi: 'Quyết định về phản đối', en: 'Decide an objection' },
    body: shape.ObjectionDecision,
    command: (input) => ({ action: 'decide', input }),
  }),
  act({
    path: 'release',
    operationId: 'releaseReferral',
    action: 'release',
    summary: { vi: 'Chuyển hồ sơ kèm văn bản đã ký', en: 'Release the case with the signed letter' },
    body: shape.Release,
    problems: ['document_required'],
    idempotency: 'required',
    command: (input) => ({ action: 'release', input }),
  }),
  act({
    path: 'withdraw',
    operationId: 'withdrawReferral',
    action: 'withdraw',
    summary: { vi: 'Rút hồ sơ', en: 'Withdraw the case' },
    body: shape.WithdrawReferral,
    idempotency: 'required',
    command: (input) => ({ action: 'withdraw', input }),
  }),
  act({
    path: 'supplement-request',
    operationId: 'requestSupplement',
    action: 'request_supplement',
    summary: { vi: 'Sở Nội vụ yêu cầu bổ sung', en: 'Home Affairs asks for a supplement' },
    body: shape.SupplementRequest,
    command: (input) => ({ action: 'request_supplement', input }),
  }),
  act({
    path: 'supplement',
    operationId: 'supplementReferral',
    action: 'supplement',
    summary: { vi: 'Bổ sung hồ sơ', en: 'Supplement the case' },
    body: shape.Supplement,
    command: (input) => ({ action: 'supplement', input }),
  }),
  act({
    path: 'acknowledge',
    operationId: 'acknowledgeReferral',
    action: 'acknowledge',
    summary: { vi: 'Sở Nội vụ tiếp nhận', en: 'Home Affairs acknowledges' },
    body: shape.AcknowledgeReferral,
    command: (input) => ({ action: 'acknowledge', input }),
  }),
  act({
    path: 'outcome',
    operationId: 'recordOutcome',
    action: 'record_outcome',
    summary: { vi: 'Ghi kết quả xử lý', en: 'Record the outcome' },
    body: shape.Outcome,
    command: (input) => ({ action: 'record_outcome', input }),
  }),
  act({
    path: 'outcome/correction',
    operationId: 'correctOutcome',
    action: 'correct_outcome',
    summary: { vi: 'Đính chính kết quả xử lý', en: 'Correct the outcome' },
    body: shape.OutcomeCorrection,
    command: (input) => ({ action: 'correct_outcome', input }),
  }),
];
