import { IdParams } from '../../contracts/common.js';
import { FileList, FileResource } from '../../contracts/files.js';
import { isRefusal } from '../../domain/errors.js';
import { FILES_TABLE } from '../../engine/export/work.js';
import { type FileView, getFile, keepFile, listAssignmentFiles, openFile } from '../../engine/files.js';
import { type Route, route } from '../route.js';
import { invalid } from '../validation.js';
import { FormatQuery, TABLE_MEDIA, wholeReply } from './exporting.js';

const upload = route({
  method: 'post',
  path: '/v1/files',
  operationId: 'uploadFile',
  tag: 'files',
  summary: { vi: 'Tải lên một tệp minh chứng', en: 'Upload a file, to be named by an act' },
  description:
    'The file goes in the field `file`. It is judged by its bytes; its name has to agree. Until an act names it only its own office reads it, and after some days it is removed.',
  upload: 'disk',
  success: { status: 201, schema: FileResource },
  problems: ['file_type_refused', 'file_infected', 'file_destroyed', 'scanner_unavailable'],
  idempotency: 'optional',
  ifMatch: 'none',
  async handler(call, { received }) {
    if (received === null) {
      const detail = {
        vi: 'Thiếu tệp trong trường «file».',
        en: 'The file is missing; its field is "file".',
      };
      return invalid([{ pointer: '/file', code: 'required', detail }]);
    }
    const outcome = await keepFile(call.engine, call.command(), received);
    if (isRefusal(outcome)) return outcome;
    const file = await getFile(call.engine, call.viewer, outcome.subjectId ?? '');
    if (isRefusal(file)) return file;
    await call.recordAccess('uploaded', { kind: 'file', id: file.id }, { sha256: file.sha256 });
    return { body: file, headers: { Location: `/v1/files/${file.id}` } };
  },
});

/** For a saved file, never for a page: nothing of it runs, wherever it is opened. */
const downloadHeaders = (file: FileView): Record<string, string> => ({
  'Content-Type': file.mediaType.startsWith('text/') ? `${file.mediaType}; charset=utf-8` : file.mediaType,
  'Content-Length': String(file.size),
  'Content-Disposition': `attachment; filename="${asciiName(file.name)}"; filename*=UTF-8''${encodedName(file.name)}`,
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Repr-Digest': `sha-256=:${Buffer.from(file.sha256, 'hex').toString('base64')}:`,
  ETag: `"${file.sha256}"`,
});

/** For the few that do not read the second form: without accents and signs. */
const asciiName = (name: string): string =>
  name
    .replaceAll('đ', 'd')
    .replaceAll('Đ', 'D')
    .normalize('NFD')
    .replaceAll(/[^\x20-\x7e]/g, '')
    .replaceAll(/["\\/%]/g, '_');

const encodedName = (name: string): string =>
  encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const download = route({
  method: 'get',
  path: '/v1/files/{id}',
  operationId: 'downloadFile',
  tag: 'files',
  summary: { vi: 'Tải tệp xuống', en: 'Download a file' },
  description:
    'Who may read what a file hangs on (assignment, matter or case) may read the file. `Repr-Digest` holds its SHA-256.',
  params: IdParams,
  success: { status: 200, media: ['*/*'] },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params }) {
    const known = await getFile(call.engine, call.viewer, params.id);
    if (isRefusal(known)) return known;
    // Before it is opened: an access that cannot be recorded leaves no file open.
    await call.recordAccess('viewed', { kind: 'file', id: params.id });
    const found = await openFile(call.engine, call.viewer, params.id);
    if (isRefusal(found)) return found;
    return { stream: found.content, headers: downloadHeaders(found.file) };
  },
});

const ofAssignment = route({
  method: 'get',
  path: '/v1/assignments/{id}/files',
  operationId: 'listAssignmentFiles',
  tag: 'files',
  summary: {
    vi: 'Tệp đính kèm của nhiệm vụ',
    en: 'Files that hang on an assignment, its matters and its case',
  },
  params: IdParams,
  query: FormatQuery,
  success: { status: 200, schema: FileList, media: TABLE_MEDIA },
  idempotency: 'none',
  ifMatch: 'none',
  async handler(call, { params, query }) {
    const items = await listAssignmentFiles(call.engine, call.viewer, params.id);
    if (isRefusal(items)) return items;
    return await wholeReply(call, { ...query, assignment: params.id }, { items }, FILES_TABLE, items);
  },
});

export const fileRoutes: readonly Route[] = [upload, download, ofAssignment];
