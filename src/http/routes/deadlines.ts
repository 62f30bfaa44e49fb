import { DeadlinePreview, PreviewRequest } from '../../contracts/calendars.js';
import { isRefusal } from '../../domain/errors.js';
import { previewDeadline } from '../../engine/read/deadlines.js';
import { type Route, route } from '../route.js';

const preview = route({
  method: 'post',
  path: '/v1/deadlines/preview',
  operationId: 'previewDeadline',
  tag: 'deadlines',
  summary: { vi: 'Đọc thử một thời hạn đang gõ', en: 'How a deadline that is being typed would be read' },
  description: 'Changes nothing. What is not understood is a finding, never a guess.',
  body: PreviewRequest,
  success: { status: 200, schema: DeadlinePreview },
  problems: ['not_found'],
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { body }) {
    const question = {
      phrase: body.phrase,
      reference: body.reference ?? null,
      documentDate: body.documentDate ?? null,
      unitId: body.unitId ?? null,
      calendarId: body.calendarId ?? null,
    };
    const found = await previewDeadline(call.engine, call.viewer, question);
    return isRefusal(found) ? found : { body: found };
  },
});

export const deadlineRoutes: readonly Route[] = [preview];
