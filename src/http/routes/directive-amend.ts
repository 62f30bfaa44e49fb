import type { z } from 'zod';
import { IdParams, instantTextOrNull } from '../../contracts/common.js';
import { Directive } from '../../contracts/directive-resource.js';
import * as shape from '../../contracts/directives.js';
import type { TaskChange } from '../../domain/directive/amend.js';
import { EMPTY_CONTENT } from '../../domain/directive/draft.js';
import { isRefusal } from '../../domain/errors.js';
import { amendDirective, previewAmendment } from '../../engine/amend.js';
import { getDirective } from '../../engine/read/directives.js';
import { afterCommand } from '../outcome.js';
import { type Route, route } from '../route.js';
import { contentOf, NO_VERSION } from './directive-acts.js';
import { contentWith } from './directive-content.js';

const preview = route({
  method: 'post',
  path: '/v1/directives/{id}/amend/preview',
  operationId: 'previewAmendment',
  tag: 'directives',
  summary: {
    vi: 'Xem trước khác biệt khi sửa đổi',
    en: 'The difference an amendment would make, by stable task ids',
  },
  params: IdParams,
  body: shape.DirectiveDraft,
  success: { status: 200, schema: shape.AmendmentPreview },
  problems: ['transition_not_allowed', 'gate_refused'],
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params, body }) {
    const before = await getDirective(call.engine, call.viewer, params.id);
    if (isRefusal(before)) return before;
    const content = contentWith(contentOf(before), body);
    const changes = await previewAmendment(call.engine, call.command(), params.id, content);
    return isRefusal(changes) ? changes : { body: { changes: changes.map(changeBody) } };
  },
});

function changeBody(change: TaskChange): z.input<typeof shape.TaskChange> {
  const { deadline, unitsAdded, unitsRemoved, ...rest } = change;
  return {
    ...rest,
    deadline:
      deadline === null
        ? null
        : { from: instantTextOrNull(deadline.from), to: instantTextOrNull(deadline.to) },
    unitsAdded: [...unitsAdded],
    unitsRemoved: [...unitsRemoved],
  };
}

const amend = route({
  method: 'post',
  path: '/v1/directives/{id}/amend',
  operationId: 'amendDirective',
  tag: 'directives',
  summary: {
    vi: 'Sửa đổi văn bản đã ban hành',
    en: 'Amend: unchanged tasks keep their assignments, changed ones are revised, removed ones stop, added ones assign',
  },
  params: IdParams,
  body: shape.AmendDirective,
  success: { status: 200, schema: Directive },
  problems: ['transition_not_allowed', 'directive_not_ready', 'gate_refused'],
  idempotency: 'required',
  ifMatch: 'required',
  async handler(call, { params, body }) {
    const before = await getDirective(call.engine, call.viewer, params.id);
    if (isRefusal(before)) return before;
    // As with a draft: what is merged must be the version the caller has seen, and the engine compares again.
    const isBase = before.version === call.ifMatch;
    const { document, ...draft } = body;
    const content = contentWith(isBase ? contentOf(before) : EMPTY_CONTENT, draft);
    const ifMatch = isBase ? call.ifMatch : NO_VERSION;
    const outcome = await amendDirective(
      call.engine,
      { ...call.command(document), ifMatch },
      params.id,
      content,
    );
    return await afterCommand(outcome, (id) => getDirective(call.engine, call.viewer, id));
  },
});

export const directiveAmendRoutes: readonly Route[] = [preview, amend];
