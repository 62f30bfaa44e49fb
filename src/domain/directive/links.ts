import { type Calendar, localDate } from '../calendar.js';
import type { Bilingual } from '../errors.js';
import type { Instant } from '../instant.js';
import type { DirectiveContent, DraftTask } from './draft.js';

/** The assignment of a superior directive that this one carries on. */
export interface ParentFacts {
  readonly workingGroupId: string;
  /** Its lead: who carries it on in a Working Group of its own. */
  readonly unitId: string;
  /** Neither it nor any successor of it is open. */
  readonly over: boolean;
  readonly until: Instant | null;
  /** The directive lies above the assignment already. */
  readonly circular: boolean;
}

/** A task that a draft names as last year's. */
export interface PreviousTask {
  readonly directiveId: string;
  readonly withdrawn: boolean;
  /** Those that no move has superseded. */
  readonly assignments: readonly PreviousAssignment[];
}

export interface PreviousAssignment {
  readonly id: string;
  readonly unitId: string;
  readonly open: boolean;
  readonly carriedOver: boolean;
  readonly firstDeadlineAt: Instant | null;
  readonly originYear: number;
}

/** What goes on of last year: its first deadline and year of origin are kept (design §2, Issuing gate). */
export interface CarriedAssignment {
  readonly unitId: string;
  readonly assignmentId: string;
  readonly firstDeadlineAt: Instant | null;
  readonly originYear: number;
}

/** What a draft links to, as the gate needs it. */
export interface LinkContext {
  readonly directiveId: string;
  readonly workingGroupId: string;
  readonly standingAgencyId: string;
  /** Null: there is no such assignment; undefined: the draft carries none on. */
  readonly parent?: ParentFacts | null | undefined;
  readonly previous: ReadonlyMap<string, PreviousTask>;
  /** Of an amendment only what it changes is judged. */
  readonly judges: (what: DraftTask | 'parent') => boolean;
}

export interface LinkFinding {
  readonly pointer: string;
  readonly code: 'reference';
  readonly detail: Bilingual;
}

/**
 * Who leads an assignment carries it on in a Working Group of its own; within one Working Group the standing agency
 * carries on any. Whatever else there is, is not there.
 */
export function mayCarryOn(
  parent: ParentFacts | null,
  { workingGroupId, standingAgencyId }: Pick<LinkContext, 'workingGroupId' | 'standingAgencyId'>,
): parent is ParentFacts {
  return parent !== null && (parent.workingGroupId === workingGroupId || parent.unitId === standingAgencyId);
}

export function linkFindings(
  content: DirectiveContent,
  leads: ReadonlyMap<string, readonly string[]>,
  ctx: LinkContext,
): LinkFinding[] {
  return [
    ...(ctx.parent === undefined || !ctx.judges('parent') ? [] : parentFindings(ctx.parent, ctx)),
    ...content.tasks.flatMap((task, index) =>
      task.previousTaskId === null || !ctx.judges(task)
        ? []
        : previousFindings(
            task.previousTaskId,
            `/tasks/${index}/previousTaskId`,
            leads.get(task.id) ?? [],
            ctx,
          ),
    ),
  ];
}

function parentFindings(parent: ParentFacts | null, ctx: LinkContext): LinkFinding[] {
  const found = (vi: string, en: string): LinkFinding[] => [
    { pointer: '/parentAssignmentId', code: 'reference', detail: { vi, en } },
  ];
  if (!mayCarryOn(parent, ctx)) {
    return found(
      'Không có nhiệm vụ cấp trên này trong phạm vi của bạn.',
      'There is no such superior assignment within your scope.',
    );
  }
  if (parent.circular) {
    return found(
      'Nhiệm vụ cấp trên nằm dưới chính văn bản này.',
      'The superior assignment lies below this very directive.',
    );
  }
  return parent.over ? found('Nhiệm vụ cấp trên đã kết thúc.', 'The superior assignment has ended.') : [];
}

function previousFindings(
  id: string,
  pointer: string,
  leads: readonly string[],
  ctx: LinkContext,
): LinkFinding[] {
  const found = (vi: string, en: string): LinkFinding[] => [
    { pointer, code: 'reference', detail: { vi, en } },
  ];
  const previous = ctx.previous.get(id);
  if (previous === undefined || previous.directiveId === ctx.directiveId) {
    return found(
      'Không có nhiệm vụ năm trước này trong Tổ công tác.',
      'There is no such task of a former directive in this Working Group.',
    );
  }
  if (previous.withdrawn) {
    return found(
      'Văn bản của nhiệm vụ năm trước đã bị thu hồi.',
      'The directive of last year’s task was withdrawn.',
    );
  }
  const open = previous.assignments.filter((one) => one.open && leads.includes(one.unitId));
  return open.length === 0
    ? []
    : found(
        `Nhiệm vụ năm trước còn ${open.length} phần đang thực hiện: chuyển sang văn bản này (carry-over) hoặc kết thúc trước khi ban hành.`,
        `${open.length} assignments of last year’s task are still open: carry them over into this directive, or end them, before it is issued.`,
      );
}

/** What each lead carries over from last year. */
export function carriedOf(
  { previousTaskId }: DraftTask,
  leads: readonly string[],
  previous: ReadonlyMap<string, PreviousTask>,
): readonly CarriedAssignment[] {
  const assignments = previous.get(previousTaskId ?? '')?.assignments ?? [];
  return leads.flatMap((unitId) => {
    const from = assignments.findLast((one) => one.unitId === unitId && one.carriedOver);
    if (from === undefined) return [];
    const { id: assignmentId, firstDeadlineAt, originYear } = from;
    return [{ unitId, assignmentId, firstDeadlineAt, originYear }];
  });
}

/** A deadline may not pass that of the superior assignment. */
export function beyondParent(
  at: Instant | null,
  until: Instant | null | undefined,
  calendar: Calendar,
): Bilingual | null {
  if (at === null || until === null || until === undefined || at <= until) return null;
  const day = localDate(calendar, until);
  return {
    vi: `Thời hạn vượt thời hạn của nhiệm vụ cấp trên (${day}).`,
    en: `The deadline passes that of the superior assignment (${day}).`,
  };
}
