import type { z } from 'zod';
import { Assignment } from '../../contracts/assignment-resource.js';
import * as shape from '../../contracts/assignments.js';
import type { DocumentInput } from '../../contracts/command.js';
import { IdParams } from '../../contracts/common.js';
import type { AssignmentCommand } from '../../domain/assignment/commands.js';
import type { Bilingual, ErrorCode } from '../../domain/errors.js';
import { executeAssignments } from '../../engine/execute.js';
import { executeMove } from '../../engine/moves.js';
import { getAssignment } from '../../engine/read/assignments.js';
import { afterCommand } from '../outcome.js';
import { type Route, route } from '../route.js';

/** What acts on assignments can be refused with, beside what every command can. */
export const ACT_PROBLEMS: readonly ErrorCode[] = [
  'own_cause',
  'transition_not_allowed',
  'document_required',
  'happened_in_future',
];
const DEADLINE_PROBLEMS: readonly ErrorCode[] = [
  'deadline_not_understood',
  'deadline_in_past',
  'beyond_parent_deadline',
];

type WithDocument = {
  readonly document?: DocumentInput | undefined;
  readonly files?: readonly string[] | undefined;
};

interface Act<B extends z.ZodType<WithDocument>> {
  /** Below `/v1/assignments/{id}/`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: Bilingual;
  readonly body: B;
  readonly problems?: readonly ErrorCode[];
  readonly idempotency?: 'required';
  command(input: Omit<z.output<B>, 'document' | 'files'>): AssignmentCommand;
}

/** A command on one assignment as a route. */
function act<B extends z.ZodType<WithDocument>>(definition: Act<B>): Route {
  return route({
    method: 'post',
    path: `/v1/assignments/{id}/${definition.path}`,
    operationId: definition.operationId,
    tag: 'assignments',
    summary: definition.summary,
    params: IdParams,
    body: definition.body,
    success: { status: 200, schema: Assignment },
    problems: [...ACT_PROBLEMS, ...(definition.problems ?? [])],
    idempotency: definition.idempotency ?? 'optional',
    ifMatch: 'optional',
    async handler(call, { params, body }) {
      const { document, files, ...input } = body;
      const outcome = await executeAssignments(
        call.engine,
        call.command(document, files),
        [params.id],
        definition.command(input),
      );
      return await afterCommand(outcome, () => getAssignment(call.engine, call.viewer, params.id));
    },
  });
}

/** What the lead unit does. */
const unitActs: readonly Route[] = [
  act({
    path: 'acknowledge',
    operationId: 'acknowledgeAssignment',
    summary: {
      vi: 'Tiếp nhận nhiệm vụ (một lần cho cả văn bản)',
      en: 'Acknowledge: once for all of the unit’s assignments in the directive',
    },
    body: shape.Acknowledge,
    command: (input) => ({ action: 'acknowledge', input }),
  }),
  act({
    path: 'contest',
    operationId: 'contestAssignment',
    summary: { vi: 'Đề nghị xem lại việc giao', en: 'Contest: not our function, wrong file' },
    body: shape.Contest,
    command: (input) => ({ action: 'contest', input }),
  }),
  act({
    path: 'progress',
    operationId: 'reportProgress',
    summary: { vi: 'Báo cáo tiến độ', en: 'Report progress' },
    body: shape.Progress,
    command: (input) => ({ action: 'report', input }),
  }),
  act({
    path: 'submit',
    operationId: 'submitResult',
    summary: { vi: 'Nộp kết quả', en: 'Submit the result' },
    body: shape.Submit,
    command: (input) => ({ action: 'submit', input }),
  }),
  act({
    path: 'recall',
    operationId: 'recallResult',
    summary: { vi: 'Rút lại kết quả đã nộp', en: 'Recall the result while it is unconfirmed' },
    body: shape.Reason,
    command: (input) => ({ action: 'recall', input }),
  }),
  act({
    path: 'cause',
    operationId: 'stateCause',
    summary: { vi: 'Nêu nguyên nhân quá hạn', en: 'State the cause of lateness' },
    body: shape.StateCause,
    problems: ['matter_already_open'],
    command: (input) => ({ action: 'state_cause', input }),
  }),
  act({
    path: 'extensions',
    operationId: 'requestExtension',
    summary: { vi: 'Xin gia hạn', en: 'Ask for an extension' },
    body: shape.RequestExtension,
    problems: [...DEADLINE_PROBLEMS, 'matter_already_open'],
    command: (input) => ({ action: 'request_extension', input }),
  }),
  act({
    path: 'obstacles',
    operationId: 'raiseObstacle',
    summary: { vi: 'Nêu vướng mắc', en: 'Raise an obstacle' },
    body: shape.RaiseObstacle,
    command: (input) => ({ action: 'raise_obstacle', input }),
  }),
  act({
    path: 'contributions',
    operationId: 'askContribution',
    summary: { vi: 'Đề nghị đơn vị phối hợp đóng góp', en: 'Ask a coordinating unit for its contribution' },
    body: shape.AskContribution,
    problems: DEADLINE_PROBLEMS,
    command: (input) => ({ action: 'ask_contribution', input }),
  }),
];

/** What the monitor does with a result. */
const monitorActs: readonly Route[] = [
  act({
    path: 'confirm',
    operationId: 'confirmResult',
    summary: { vi: 'Xác nhận hoàn thành', en: 'Confirm the result' },
    body: shape.Note,
    idempotency: 'required',
    command: (input) => ({ action: 'confirm', input }),
  }),
  act({
    path: 'accept-part',
    operationId: 'acceptPart',
    summary: { vi: 'Chấp nhận một phần kết quả', en: 'Accept a part of the result' },
    body: shape.AcceptPart,
    command: (input) => ({ action: 'accept_part', input }),
  }),
  act({
    path: 'return',
    operationId: 'returnResult',
    summary: { vi: 'Trả lại kết quả, có lý do', en: 'Return the result with a reason' },
    body: shape.Reason,
    command: (input) => ({ action: 'return', input }),
  }),
  act({
    path: 'urging-letter',
    operationId: 'sendUrgingLetter',
    summary: {
      vi: 'Gửi văn bản đôn đốc đã ký',
      en: 'Send the signed urging letter: its number and date, where the policy wants one',
    },
    body: shape.SendLetter,
    problems: ['document_required'],
    command: (input) => ({ action: 'send_letter', input }),
  }),
  act({
    path: 'urgings',
    operationId: 'recordUrging',
    summary: { vi: 'Đôn đốc, hoặc ghi lại lần đôn đốc', en: 'Urge, or record an urging' },
    body: shape.Urge,
    command: (input) => ({ action: 'urge', input }),
  }),
];

/** What the standing agency decides about an assignment. */
const agencyActs: readonly Route[] = [
  act({
    path: 'contest/answer',
    operationId: 'answerContest',
    summary: { vi: 'Trả lời đề nghị xem lại việc giao', en: 'Answer a contest' },
    body: shape.ContestAnswer,
    problems: ['reference_unknown'],
    command: (input) => ({ action: 'answer_contest', input }),
  }),
  act({
    path: 'suspend',
    operationId: 'suspendAssignment',
    summary: { vi: 'Tạm dừng', en: 'Suspend' },
    body: shape.Reason,
    command: (input) => ({ action: 'suspend', input }),
  }),
  act({
    path: 'resume',
    operationId: 'resumeAssignment',
    summary: { vi: 'Tiếp tục sau tạm dừng', en: 'Resume after a suspension' },
    body: shape.Resume,
    problems: DEADLINE_PROBLEMS,
    command: (input) => ({ action: 'resume', input }),
  }),
  act({
    path: 'stop',
    operationId: 'stopAssignment',
    summary: { vi: 'Dừng thực hiện', en: 'Stop' },
    body: shape.Reason,
    command: (input) => ({ action: 'stop', input }),
  }),
  act({
    path: 'reassign',
    operationId: 'reassignAssignment',
    summary: { vi: 'Chuyển đơn vị chủ trì', en: 'Reassign to another lead unit' },
    body: shape.Reassign,
    problems: [...DEADLINE_PROBLEMS, 'reference_unknown'],
    command: (input) => ({ action: 'reassign', input }),
  }),
  act({
    path: 'carry-over',
    operationId: 'carryOverAssignment',
    summary: { vi: 'Chuyển sang văn bản năm sau', en: 'Carry over into the next year’s directive' },
    body: shape.CarryOver,
    command: (input) => ({ action: 'carry_over', input }),
  }),
  act({
    path: 'reopen',
    operationId: 'reopenAssignment',
    summary: { vi: 'Mở lại, với thời hạn mới', en: 'Reopen with a new deadline' },
    body: shape.Reopen,
    problems: DEADLINE_PROBLEMS,
    command: (input) => ({ action: 'reopen', input }),
  }),
  act({
    path: 'adjust-deadline',
    operationId: 'adjustDeadline',
    summary: { vi: 'Điều chỉnh thời hạn', en: 'Adjust the deadline' },
    body: shape.AdjustDeadline,
    problems: DEADLINE_PROBLEMS,
    command: (input) => ({ action: 'adjust_deadline', input }),
  }),
  act({
    path: 'explanation-requests',
    operationId: 'requestExplanation',
    summary: { vi: 'Yêu cầu giải trình', en: 'Ask for an explanation' },
    body: shape.RequestExplanation,
    problems: DEADLINE_PROBLEMS,
    command: (input) => ({ action: 'request_explanation', input }),
  }),
];

const moveRoute = route({
  method: 'post',
  path: '/v1/assignments/{id}/move',
  operationId: 'moveAssignment',
  tag: 'assignments',
  summary: {
    vi: 'Chuyển cho đơn vị kế thừa: tách, gộp hoặc tạm giao',
    en: 'Move to successors: split, merge or to a caretaker',
  },
  params: IdParams,
  body: shape.Move,
  success: { status: 200, schema: Assignment },
  problems: [...ACT_PROBLEMS, ...DEADLINE_PROBLEMS, 'reference_unknown', 'targets_do_not_sum'],
  idempotency: 'required',
  ifMatch: 'optional',
  async handler(call, { params, body }) {
    const { document, files, mergeWith, ...input } = body;
    const sources = [...new Set([params.id, ...(mergeWith ?? [])])];
    const outcome = await executeMove(call.engine, call.command(document, files), sources, input);
    return await afterCommand(outcome, () => getAssignment(call.engine, call.viewer, params.id));
  },
});

export const assignmentActRoutes: readonly Route[] = [...unitActs, ...monitorActs, ...agencyActs, moveRoute];
