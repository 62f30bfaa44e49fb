import type { z } from 'zod';
import { IdParams, instantText, instantTextOrNull } from '../../contracts/common.js';
import * as shape from '../../contracts/rehearsal.js';
import { isRefusal } from '../../domain/errors.js';
import type { RehearsedLine } from '../../domain/rehearsal/summary.js';
import { stepWords } from '../../engine/read/words.js';
import { type Rehearsal, rehearseDirective } from '../../engine/rehearsal.js';
import type { Locale } from '../locale.js';
import { type Route, route } from '../route.js';
import { instantOrNull } from './viewing.js';

const rehearse = route({
  method: 'post',
  path: '/v1/directives/{id}/rehearse',
  operationId: 'rehearseDirective',
  tag: 'directives',
  summary: { vi: 'Diễn tập trước khi ban hành', en: 'What would happen, without issuing' },
  description:
    'Plays the draft under the present policy and calendar: every reminder and escalation with its date and receivers, if nobody did anything and if everybody were on time, with warnings and the load per unit and week.',
  params: IdParams,
  body: shape.RehearseDirective,
  success: { status: 200, schema: shape.Rehearsal },
  problems: ['transition_not_allowed'],
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params, body }) {
    const rehearsal = await rehearseDirective(call.engine, call.actor, params.id, {
      issueAt: instantOrNull(body.issueAt),
      mostPerWeek: body.mostPerWeek,
      unitId: body.unitId ?? null,
      taskId: body.taskId ?? null,
    });
    return isRefusal(rehearsal) ? rehearsal : { body: bodyOf(rehearsal, call.locale) };
  },
});

function bodyOf(rehearsal: Rehearsal, locale: Locale): z.input<typeof shape.Rehearsal> {
  const lines = (some: readonly RehearsedLine[]) => some.map((line) => lineBody(line, locale));
  return {
    ...rehearsal,
    issueAt: instantText(rehearsal.issueAt),
    silent: lines(rehearsal.silent),
    punctual: lines(rehearsal.punctual),
    warnings: rehearsal.warnings.map((warning) => ({
      code: warning.code,
      detail: warning.detail[locale],
      at: instantTextOrNull(warning.at),
      week: warning.week,
      taskIds: [...warning.taskIds],
      unitIds: [...warning.unitIds],
    })),
    loads: [...rehearsal.loads],
  };
}

function lineBody(line: RehearsedLine, locale: Locale) {
  return {
    subject: line.subject,
    step: line.step.split(':')[0] ?? line.step,
    words: stepWords(line.step)[locale],
    kind: line.kind,
    at: instantText(line.at),
    messageAt: instantText(line.messageAt),
    to: [...line.to],
    sends: [...line.sends],
    assignments: line.assignments,
    taskIds: [...line.taskIds],
    unitIds: [...line.unitIds],
    policyText: line.policyText,
  };
}

export const directiveRehearseRoutes: readonly Route[] = [rehearse];
