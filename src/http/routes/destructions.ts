import { DestroyText, Destruction } from '../../contracts/destructions.js';
import { isRefusal } from '../../domain/errors.js';
import { destroyText } from '../../engine/destroy-text.js';
import { type Route, route } from '../route.js';

const destroy = route({
  method: 'post',
  path: '/v1/destructions',
  operationId: 'destroyText',
  tag: 'directives',
  summary: {
    vi: 'Hủy nội dung lẽ ra không được ghi',
    en: 'Destroy a text that never should have been written',
  },
  description:
    'The text of one event is taken out of the record, the outbox, letters, plans and, where asked, the files that came with it. That it was there, its salted hash, and this decision stay; the chain goes on verifying.',
  body: DestroyText,
  success: { status: 201, schema: Destruction },
  problems: ['not_found', 'transition_not_allowed'],
  idempotency: 'required',
  ifMatch: 'none',
  async handler(call, { body }) {
    const { subject, seq, reason, files, document } = body;
    const event = { ...subject, seq };
    const outcome = await destroyText(call.engine, call.command(document), { event, reason, files });
    if (isRefusal(outcome)) return outcome;
    return { body: { subject, seq, version: outcome.version ?? seq } };
  },
});

export const destructionRoutes: readonly Route[] = [destroy];
