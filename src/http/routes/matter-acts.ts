import type { z } from 'zod';
import * as shape from '../../contracts/assignments.js';
import type { DocumentInput } from '../../contracts/command.js';
import { IdParams } from '../../contracts/common.js';
import type { AssignmentCommand } from '../../domain/assignment/commands.js';
import type { Matter } from '../../domain/assignment/state.js';
import { type Bilingual, type ErrorCode, isRefusal } from '../../domain/errors.js';
import { executeMatter } from '../../engine/matters.js';
import { getAssignment } from '../../engine/read/assignments.js';
import { type Route, route } from '../route.js';
import { ACT_PROBLEMS } from './assignment-acts.js';

/** Where each kind of matter lives below `/v1`. */
const NOUNS = {
  extension: 'extensions',
  obstacle: 'obstacles',
  cause: 'causes',
  contribution: 'contributions',
  explanation: 'explanation-requests',
} as const satisfies Partial<Record<Matter['kind'], string>>;

type WithDocument = {
  readonly document?: DocumentInput | undefined;
  readonly files?: readonly string[] | undefined;
};

interface Act<B extends z.ZodType<WithDocument>> {
  readonly kind: keyof typeof NOUNS;
  /** Below `/v1/<noun>/{id}/`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: Bilingual;
  readonly body: B;
  readonly problems?: readonly ErrorCode[];
  command(id: string, input: Omit<z.output<B>, 'document' | 'files'>): AssignmentCommand;
}

/** A command on what an assignment carries, by the matter's own id. */
function act<B extends z.ZodType<WithDocument>>(definition: Act<B>): Route {
  return route({
    method: 'post',
    path: `/v1/${NOUNS[definition.kind]}/{id}/${definition.path}`,
    operationId: definition.operationId,
    tag: 'matters',
    summary: definition.summary,
    params: IdParams,
    body: definition.body,
    success: { status: 200, schema: shape.MatterAnswer },
    problems: [...ACT_PROBLEMS, ...(definition.problems ?? [])],
    idempotency: 'optional',
    ifMatch: 'none',
    async handler(call, { params, body }) {
      const { document, files, ...input } = body;
      const { id } = params;
      const command = definition.command(id, input);
      const done = await executeMatter(
        call.engine,
        call.command(document, files),
        { kind: definition.kind, id },
        command,
      );
      if (isRefusal(done)) return done;
      const { assignmentId, outcome } = done;
      if (isRefusal(outcome)) return outcome;
      const found = await getAssignment(call.engine, call.viewer, assignmentId);
      // Who holds an obstacle may answer it without reading the assignment it is about.
      const assignment = isRefusal(found) ? null : found;
      const version = assignment?.version ?? outcome.version ?? 0;
      return { body: { id, assignmentId, version, assignment }, version };
    },
  });
}

/** Decisions, answers and withdrawals. */
export const matterActRoutes: readonly Route[] = [
  act({
    kind: 'extension',
    path: 'decision',
    operationId: 'decideExtension',
    summary: { vi: 'Quyết định gia hạn', en: 'Decide an extension' },
    body: shape.DecideExtension,
    problems: ['deadline_not_understood', 'deadline_in_past'],
    command: (id, input) => ({ action: 'decide_extension', input: { id, ...input } }),
  }),
  act({
    kind: 'extension',
    path: 'withdraw',
    operationId: 'withdrawExtension',
    summary: { vi: 'Rút đề nghị gia hạn', en: 'Withdraw an extension request' },
    body: shape.Withdraw,
    command: (id) => ({ action: 'withdraw_extension', input: { id } }),
  }),
  act({
    kind: 'obstacle',
    path: 'answer',
    operationId: 'answerObstacle',
    summary: { vi: 'Trả lời vướng mắc', en: 'Answer an obstacle: accept, refuse, forward, resolve' },
    body: shape.AnswerObstacle,
    problems: ['reference_unknown'],
    command: (id, input) => ({ action: 'answer_obstacle', input: { id, ...input } }),
  }),
  act({
    kind: 'obstacle',
    path: 'withdraw',
    operationId: 'withdrawObstacle',
    summary: { vi: 'Rút vướng mắc', en: 'Withdraw an obstacle' },
    body: shape.Withdraw,
    command: (id) => ({ action: 'withdraw_obstacle', input: { id } }),
  }),
  act({
    kind: 'cause',
    path: 'decision',
    operationId: 'decideCause',
    summary: { vi: 'Xác nhận nguyên nhân', en: 'Decide a stated cause' },
    body: shape.DecideCause,
    command: (id, input) => ({ action: 'decide_cause', input: { id, ...input } }),
  }),
  act({
    kind: 'contribution',
    path: 'answer',
    operationId: 'answerContribution',
    summary: { vi: 'Trả lời đề nghị phối hợp', en: 'Give or decline a contribution' },
    body: shape.AnswerContribution,
    command: (id, input) => ({ action: 'answer_contribution', input: { id, ...input } }),
  }),
  act({
    kind: 'explanation',
    path: 'answer',
    operationId: 'answerExplanation',
    summary: { vi: 'Giải trình', en: 'Answer an explanation request' },
    body: shape.AnswerExplanation,
    command: (id, input) => ({ action: 'answer_explanation', input: { id, ...input } }),
  }),
];
