import type { z } from 'zod';
import type { DocumentInput } from '../../contracts/command.js';
import { IdParams, instantText, instantTextOrNull } from '../../contracts/common.js';
import { Directive } from '../../contracts/directive-resource.js';
import * as shape from '../../contracts/directives.js';
import { type DirectiveContent, EMPTY_CONTENT } from '../../domain/directive/draft.js';
import type { GateReport } from '../../domain/directive/gate.js';
import { type Bilingual, type ErrorCode, isRefusal, type Refusal } from '../../domain/errors.js';
import { approvalStep } from '../../engine/approval.js';
import { confirmDirective, correctDirective } from '../../engine/correct.js';
import {
  checkDirective,
  closeDirective,
  createDraft,
  deleteDraft,
  issueDirective,
  saveDraft,
  withdrawDirective,
} from '../../engine/directives.js';
import { type DirectiveView, getDirective } from '../../engine/read/directives.js';
import type { Outcome } from '../../engine/request.js';
import type { Locale } from '../locale.js';
import { afterCommand } from '../outcome.js';
import { type Call, type Route, route } from '../route.js';
import { contentWith, referenceOf } from './directive-content.js';

const createDirective = route({
  method: 'post',
  path: '/v1/directives',
  operationId: 'createDirective',
  tag: 'directives',
  summary: { vi: 'Soạn văn bản', en: 'Draft a directive; it may be incomplete' },
  body: shape.DirectiveDraft,
  success: { status: 201, schema: Directive },
  problems: ['reference_unknown'],
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { body }) {
    const outcome = await createDraft(call.engine, call.command(), contentWith(EMPTY_CONTENT, body));
    const reply = await afterCommand(outcome, (id) => getDirective(call.engine, call.viewer, id));
    return isRefusal(reply) ? reply : { ...reply, headers: { Location: `/v1/directives/${reply.body.id}` } };
  },
});

const changeDirective = route({
  method: 'patch',
  path: '/v1/directives/{id}',
  operationId: 'changeDirective',
  tag: 'directives',
  summary: { vi: 'Sửa dự thảo', en: 'Change a draft: only the fields that are sent' },
  params: IdParams,
  body: shape.DirectiveDraft,
  success: { status: 200, schema: Directive },
  problems: ['transition_not_allowed', 'reference_unknown'],
  idempotency: 'optional',
  ifMatch: 'required',
  async handler(call, { params, body }) {
    const before = await getDirective(call.engine, call.viewer, params.id);
    if (isRefusal(before)) return before;
    const isBase = before.version === call.ifMatch;
    // What is merged was read before the lock, and under it the engine compares the version again. Another
    // version than the caller's is passed as none: a repeat still finds its kept answer, the rest is refused.
    const content = contentWith(isBase ? contentOf(before) : EMPTY_CONTENT, body);
    const ifMatch = isBase ? call.ifMatch : NO_VERSION;
    const outcome = await saveDraft(call.engine, { ...call.command(), ifMatch }, params.id, content);
    return await afterCommand(outcome, (id) => getDirective(call.engine, call.viewer, id));
  },
});

/** No directive has it: stands for a version that the caller has not seen. */
export const NO_VERSION = -1;

export function contentOf(view: DirectiveView): DirectiveContent {
  const { number, title, documentDate, signer, issuer, parents, provisional, endsOn, tasks } = view;
  const { parentAssignmentId } = view;
  const head = {
    number,
    title,
    documentDate,
    signer,
    issuer,
    parents,
    parentAssignmentId,
    provisional,
    endsOn,
  };
  return { ...head, tasks: tasks ?? [] };
}

const deleteDirective = route({
  method: 'delete',
  path: '/v1/directives/{id}',
  operationId: 'deleteDirective',
  tag: 'directives',
  summary: { vi: 'Xóa dự thảo', en: 'Delete a draft' },
  params: IdParams,
  success: { status: 204 },
  problems: ['transition_not_allowed'],
  idempotency: 'optional',
  ifMatch: 'required',
  async handler(call, { params }) {
    const outcome = await deleteDraft(call.engine, call.command(), params.id);
    return isRefusal(outcome) ? outcome : { body: undefined };
  },
});

const check = route({
  method: 'post',
  path: '/v1/directives/{id}/check',
  operationId: 'checkDirective',
  tag: 'directives',
  summary: { vi: 'Kiểm tra bốn rõ, chưa ban hành', en: 'The issuing gate, without issuing' },
  params: IdParams,
  body: shape.NoFields,
  success: { status: 200, schema: shape.GateReport },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params }) {
    const report = await checkDirective(call.engine, call.actor, params.id);
    return isRefusal(report) ? report : { body: gateBody(report, call.locale) };
  },
});

function gateBody(report: GateReport, locale: Locale): z.input<typeof shape.GateReport> {
  return {
    ready: report.ready,
    counts: report.counts,
    findings: report.findings.map(({ pointer, detail }) => ({ pointer, detail: detail[locale] })),
    rows: report.rows.map((row) => ({
      taskId: row.taskId,
      ordinal: row.ordinal,
      code: row.code,
      findings: row.findings.map(({ clear, detail }) => ({ clear, detail: detail[locale] })),
      unclear: row.unclear,
      deadlineAt: instantTextOrNull(row.deadlineAt),
      newDeadlineAt: instantTextOrNull(row.newDeadlineAt),
      past: row.past === null ? null : { at: instantText(row.past.at), answered: row.past.answered },
      leadUnitIds: [...row.leads],
      carried: row.carried.map((one) => ({
        ...one,
        firstDeadlineAt: instantTextOrNull(one.firstDeadlineAt),
      })),
    })),
  };
}

type WithDocument = { readonly document?: DocumentInput | undefined };

interface Act<B extends z.ZodType<WithDocument>> {
  /** Below `/v1/directives/{id}/`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: Bilingual;
  readonly body: B;
  readonly problems?: readonly ErrorCode[];
  readonly idempotency?: 'required';
  readonly ifMatch?: 'required';
  run(call: Call, id: string, body: z.output<B>): Promise<Outcome>;
}

/** A step in the life of a directive as a route. */
function act<B extends z.ZodType<WithDocument>>(definition: Act<B>): Route {
  return route({
    method: 'post',
    path: `/v1/directives/{id}/${definition.path}`,
    operationId: definition.operationId,
    tag: 'directives',
    summary: definition.summary,
    params: IdParams,
    body: definition.body,
    success: { status: 200, schema: Directive },
    problems: ['transition_not_allowed', ...(definition.problems ?? [])],
    idempotency: definition.idempotency ?? 'optional',
    ifMatch: definition.ifMatch ?? 'optional',
    async handler(call, { params, body }): Promise<Refusal | { body: DirectiveView }> {
      const outcome = await definition.run(call, params.id, body);
      return await afterCommand(outcome, (id) => getDirective(call.engine, call.viewer, id));
    },
  });
}

const approval = (
  path: string,
  operationId: string,
  action: 'request_approval' | 'recall' | 'approve' | 'return',
  summary: Bilingual,
): Route =>
  act({
    path,
    operationId,
    summary,
    body: shape.ApprovalNote,
    // A signature is under the text that was read.
    ...(action === 'approve' ? { ifMatch: 'required' as const } : {}),
    run: async (call, id, { document, note }) =>
      await approvalStep(call.engine, call.command(document), id, action, { note }),
  });

export const directiveActRoutes: readonly Route[] = [
  createDirective,
  changeDirective,
  deleteDirective,
  check,
  act({
    path: 'issue',
    operationId: 'issueDirective',
    summary: { vi: 'Ban hành', en: 'Issue: freezes a version, and its assignments are made' },
    body: shape.NoFields,
    problems: ['gate_refused'],
    idempotency: 'required',
    run: async (call, id, { document }) => await issueDirective(call.engine, call.command(document), id),
  }),
  act({
    path: 'withdraw',
    operationId: 'withdrawDirective',
    summary: { vi: 'Thu hồi văn bản', en: 'Withdraw: open assignments stop' },
    body: shape.WithdrawDirective,
    problems: ['directive_not_ready'],
    idempotency: 'required',
    run: async (call, id, { document, reason }) =>
      await withdrawDirective(call.engine, call.command(document), id, { reason }),
  }),
  act({
    path: 'close',
    operationId: 'closeDirective',
    summary: { vi: 'Kết thúc theo quyết định', en: 'Close by decision, with what is carried over' },
    body: shape.CloseDirective,
    problems: ['directive_not_ready', 'reference_unknown'],
    run: async (call, id, { document, ...input }) =>
      await closeDirective(call.engine, call.command(document), id, input),
  }),
  act({
    path: 'confirm-document',
    operationId: 'confirmDirectiveDocument',
    summary: {
      vi: 'Nhập văn bản xác nhận chỉ đạo miệng',
      en: 'Enter the document that confirms what was given by word of mouth: deadlines judge from here on',
    },
    body: shape.ConfirmDocument,
    problems: ['directive_not_ready', 'deadline_in_past', 'deadline_not_understood', 'happened_in_future'],
    idempotency: 'required',
    run: async (call, id, { document, ...input }) =>
      await confirmDirective(call.engine, call.command(document), id, input),
  }),
  act({
    path: 'erratum',
    operationId: 'correctDirective',
    summary: {
      vi: 'Đính chính số, ngày, người ký, nơi ban hành, văn bản căn cứ',
      en: 'Correct number, date, signer, issuer or parent documents; before and after stay in the timeline',
    },
    body: shape.Erratum,
    problems: ['directive_not_ready', 'reference_unknown', 'happened_in_future'],
    run: async (call, id, { document, parents, ...input }) =>
      await correctDirective(call.engine, call.command(document), id, {
        ...input,
        parents: parents?.map(referenceOf),
      }),
  }),
  approval('approval-request', 'requestApproval', 'request_approval', {
    vi: 'Trình phê duyệt',
    en: 'Ask for approval before issue',
  }),
  approval('recall', 'recallApproval', 'recall', { vi: 'Rút lại để sửa', en: 'Recall it from approval' }),
  approval('approve', 'approveDirective', 'approve', { vi: 'Phê duyệt', en: 'Approve' }),
  approval('return', 'returnDirective', 'return', { vi: 'Trả lại để sửa', en: 'Return it for changes' }),
];
