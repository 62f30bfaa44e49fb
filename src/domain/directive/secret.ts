import { type Refusal, refuse } from '../errors.js';
import { tidyLines } from '../text.js';
import type { DirectiveContent } from './draft.js';

/**
 * The marking of a classified document (law on the protection of state secrets), standing by itself: a
 * line of its own, in brackets, or after “độ mật:”. “Bảo mật thông tin” is a subject, not a marking.
 */
const LINE = /^[[(*\s]*(?:độ mật\s*:\s*)?(mật|tối mật|tuyệt mật|top secret|secret)[\])*.\s]*$/iu;
const INSIDE =
  /[[(]\s*(MẬT|TỐI MẬT|TUYỆT MẬT|Mật|Tối mật|Tuyệt mật)\s*[\])]|độ mật\s*:\s*(mật|tối mật|tuyệt mật)(?!\p{L})/u;

/** Whether a text carries the marking of a classified document. */
export function isMarkedSecret(text: string): boolean {
  if (text === '' || !/m[ậâ]|secret/iu.test(text.normalize('NFC'))) return false;
  const tidied = tidyLines(text);
  return tidied.split('\n').some((line) => LINE.test(line)) || INSIDE.test(tidied);
}

/** Where a directive carries the marking, as JSON Pointers; the text itself is not repeated. */
export function secretPlaces(content: DirectiveContent): string[] {
  const marked = (pointer: string, ...texts: readonly (string | null)[]): string[] =>
    texts.some((text) => text !== null && isMarkedSecret(text)) ? [pointer] : [];
  return [
    ...marked('/title', content.title),
    ...content.tasks.flatMap((task, index) => [
      ...marked(`/tasks/${index}/title`, task.title, task.titleEn),
      ...marked(
        `/tasks/${index}/result`,
        task.asTyped.result,
        task.result === null
          ? null
          : task.result.kind === 'deliverable'
            ? task.result.text
            : task.result.name,
      ),
    ]),
  ];
}

/** Content marked secret is refused: it may not even be kept as a draft. */
export function secretRefusal(content: DirectiveContent): Refusal | null {
  const places = secretPlaces(content);
  if (places.length === 0) return null;
  const detail = {
    vi: 'Nội dung mang dấu mật không được đưa vào hệ thống này.',
    en: 'Content that carries a marking of classified documents does not belong in this system.',
  };
  return refuse('secret_content', detail, {
    errors: places.map((pointer) => ({ pointer, code: 'secret_content', detail })),
  });
}
