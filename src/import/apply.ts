import { type DirectiveContent, EMPTY_CONTENT } from '../domain/directive/draft.js';
import { type FieldError, type Refusal, refuse } from '../domain/errors.js';
import type { Finding, ImportMeta, ImportPreview } from '../domain/import.js';

/** Every row of the file is in the draft, or nothing is. */
export function applyPreview(preview: ImportPreview, meta: ImportMeta): DirectiveContent | Refusal {
  const all: readonly Finding[] = [...preview.findings, ...preview.rows.flatMap((row) => row.findings)];
  const open = all.filter((finding) => finding.severity === 'blocks');
  const tasks = preview.rows.flatMap((row) => (row.task === null ? [] : [row.task]));
  if (open.length === 0 && tasks.length > 0) return { ...EMPTY_CONTENT, ...meta, tasks };
  const errors: readonly FieldError[] = open.map((finding) => ({
    pointer: `/rows/${finding.row}`,
    code: finding.code,
    detail: finding.message,
  }));
  const lines = new Set(open.map((finding) => finding.row)).size;
  const detail =
    tasks.length === 0
      ? { vi: 'Không có nhiệm vụ nào để nhập.', en: 'There is no task to import.' }
      : {
          vi: `Còn ${open.length} vấn đề ở ${lines} hàng phải trả lời trước khi nhập; chưa có gì được ghi.`,
          en: `${open.length} questions in ${lines} rows must be answered first; nothing was written.`,
        };
  return refuse('import_not_ready', detail, { errors, extra: { findings: open } });
}
