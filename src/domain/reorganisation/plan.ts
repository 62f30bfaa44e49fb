import type { DocumentReference } from '../actor.js';
import { type FieldError, fieldError } from '../errors.js';
import type { IsoDate } from '../instant.js';

export const REORGANISATION_KINDS = ['merge', 'split', 'rename', 'abolish'] as const;
export type ReorganisationKind = (typeof REORGANISATION_KINDS)[number];

/** `planned` waits for its date, `running` moves what is open, `done` has moved all; only a planned one is cancelled. */
export type ReorganisationState = 'planned' | 'running' | 'done' | 'cancelled';

/** What changes in the directory of units on a date, by which document, and who goes on with the work. */
export interface ReorganisationPlan {
  readonly kind: ReorganisationKind;
  /** The first day on which the units of `fromUnitIds` are no more, or have their new name. */
  readonly effectiveOn: IsoDate;
  readonly document: DocumentReference;
  readonly reason: string;
  readonly fromUnitIds: readonly string[];
  readonly toUnitIds: readonly string[];
  /** Takes for the time being what nobody was named for; null: the first of `toUnitIds`. */
  readonly caretakerId: string | null;
  /** Of a renaming. */
  readonly newName: string | null;
  readonly newNameEn: string | null;
}

interface Shape {
  readonly from: [least: number, most: number];
  readonly to: [least: number, most: number];
  /** Whether somebody may be left over for whom nobody was named. */
  readonly caretaker: boolean;
}

/** How many units a kind is from and to. */
const SHAPES: Readonly<Record<ReorganisationKind, Shape>> = {
  merge: { from: [1, 500], to: [1, 1], caretaker: false },
  split: { from: [1, 1], to: [2, 50], caretaker: true },
  abolish: { from: [1, 500], to: [0, 50], caretaker: true },
  rename: { from: [1, 1], to: [0, 0], caretaker: false },
};

/** What of a plan contradicts itself; empty where nothing does. */
export function planErrors(plan: ReorganisationPlan): FieldError[] {
  const { kind, fromUnitIds, toUnitIds, caretakerId, newName, newNameEn } = plan;
  const errors: FieldError[] = [];
  const add = (pointer: string, code: string, vi: string, en: string): void => {
    errors.push(fieldError(pointer, code, vi, en));
  };
  const { from, to, caretaker } = SHAPES[kind];
  const within = (count: number, [least, most]: [number, number]): boolean => count >= least && count <= most;
  if (!within(fromUnitIds.length, from))
    add('/fromUnitIds', 'wrong_count', `Nêu ${range(from, 'vi')} đơn vị.`, `Name ${range(from, 'en')}.`);
  if (!within(toUnitIds.length, to))
    add('/toUnitIds', 'wrong_count', `Nêu ${range(to, 'vi')} đơn vị tiếp nhận.`, `Name ${range(to, 'en')}.`);
  const twice = (ids: readonly string[], before: readonly string[]): boolean =>
    ids.some((id, index) => before.includes(id) || ids.indexOf(id) !== index);
  const onlyOnce = ['Mỗi đơn vị chỉ nêu một lần.', 'Name each unit once.'] as const;
  if (twice(fromUnitIds, [])) add('/fromUnitIds', 'named_twice', ...onlyOnce);
  if (twice(toUnitIds, fromUnitIds)) add('/toUnitIds', 'named_twice', ...onlyOnce);
  if (caretakerId !== null && !caretaker)
    add(
      '/caretakerId',
      'not_allowed',
      'Sáp nhập, đổi tên không có đơn vị tạm nhận.',
      'A merger and a renaming leave nothing to a caretaker.',
    );
  if (caretakerId !== null && fromUnitIds.includes(caretakerId))
    add(
      '/caretakerId',
      'named_twice',
      'Đơn vị tạm nhận không thể là đơn vị thôi hoạt động.',
      'The caretaker cannot be a unit that ends.',
    );
  if (kind === 'abolish' && toUnitIds.length === 0 && caretakerId === null)
    add(
      '/caretakerId',
      'required',
      'Nêu đơn vị tiếp nhận, hoặc đơn vị tạm nhận công việc trong khi chưa có.',
      'Name a successor, or who takes care of the work until there is one.',
    );
  if (kind !== 'rename' && newNameEn !== null)
    add('/newNameEn', 'not_allowed', 'Chỉ đổi tên mới có tên mới.', 'Only a renaming has a new name.');
  if ((kind === 'rename') !== (newName !== null))
    add(
      '/newName',
      kind === 'rename' ? 'required' : 'not_allowed',
      'Chỉ đổi tên mới có tên mới.',
      'A renaming has a new name, and nothing else has.',
    );
  return errors;
}

function range([least, most]: [number, number], locale: 'vi' | 'en'): string {
  if (most === 0) return locale === 'vi' ? '0' : 'no units';
  if (least === most) return locale === 'vi' ? `đúng ${least}` : `exactly ${least}`;
  return locale === 'vi' ? `từ ${least} đến ${most}` : `${least} to ${most}`;
}

/** Who takes an assignment, and whether only until a lasting successor is found. */
export interface Heir {
  readonly unitId: string;
  readonly caretaker: boolean;
}

/** The unit named for it; where there is one successor, that one; else who takes care of the rest. */
export function heirOf(plan: ReorganisationPlan, allotted: string | null): Heir {
  if (allotted !== null) return { unitId: allotted, caretaker: false };
  const { caretakerId, toUnitIds } = plan;
  const [first] = toUnitIds;
  if (toUnitIds.length === 1 && first !== undefined && caretakerId === null)
    return { unitId: first, caretaker: false };
  const unitId = caretakerId ?? first;
  if (unitId === undefined) throw new Error('A plan that passed its check has a successor or a caretaker');
  return { unitId, caretaker: true };
}
