import type { Actor, PersonActor } from '../actor.js';
import type { OfficeFacts } from '../decision.js';
import { type Refusal, refuse } from '../errors.js';
import type { Referral, ReferralStateName } from './state.js';

export type ReferralRelation = 'subject' | 'standing_agency' | 'supervisor' | 'home_affairs';

interface Row {
  readonly from: readonly ReferralStateName[];
  readonly by: readonly ReferralRelation[];
  readonly to: readonly ReferralStateName[] | 'same';
  /** The standing agency may record it for the unit from a numbered document. */
  readonly onBehalf?: boolean;
  /** States that only a paper reaches which arrived in time and was recorded later. */
  readonly fromPaper?: readonly ReferralStateName[];
}

const BEFORE_OUTCOME = [
  'proposed',
  'objected',
  'rejected',
  'awaiting_release',
  'referred',
  'returned_for_supplement',
  'acknowledged',
] as const satisfies readonly ReferralStateName[];

const SENT = [
  'referred',
  'returned_for_supplement',
  'acknowledged',
  'outcome_recorded',
  'corrected',
] as const satisfies readonly ReferralStateName[];

/** The life of a case as data (design §2, Referral). */
export const REFERRAL_TABLE = {
  object: {
    from: ['proposed'],
    by: ['subject'],
    to: ['objected'],
    onBehalf: true,
    fromPaper: ['awaiting_release', 'referred', 'returned_for_supplement', 'acknowledged'],
  },
  give_opinion: { from: ['objected'], by: ['standing_agency'], to: 'same' },
  decide: { from: ['objected'], by: ['supervisor'], to: ['upheld', 'rejected'] },
  release: {
    from: ['awaiting_release'],
    by: ['standing_agency', 'supervisor'],
    to: ['referred', 'withdrawn', 'proposed', 'lapsed'],
  },
  withdraw: { from: BEFORE_OUTCOME, by: ['standing_agency', 'supervisor'], to: ['withdrawn'] },
  request_supplement: { from: ['referred'], by: ['home_affairs'], to: ['returned_for_supplement'] },
  supplement: { from: ['returned_for_supplement'], by: ['standing_agency'], to: ['referred'] },
  acknowledge: { from: ['referred'], by: ['home_affairs'], to: ['acknowledged'] },
  record_outcome: { from: ['acknowledged'], by: ['home_affairs'], to: ['outcome_recorded'] },
  correct_facts: { from: SENT, by: ['standing_agency'], to: 'same' },
  correct_outcome: { from: ['outcome_recorded', 'corrected'], by: ['home_affairs'], to: ['corrected'] },
} as const satisfies Record<string, Row>;

export type ReferralAction = keyof typeof REFERRAL_TABLE;
export const REFERRAL_ACTIONS = Object.keys(REFERRAL_TABLE).filter(isReferralAction);

export function isReferralAction(name: string): name is ReferralAction {
  return Object.hasOwn(REFERRAL_TABLE, name);
}

const row = (action: ReferralAction): Row => REFERRAL_TABLE[action];

export function canReferral(action: ReferralAction, state: ReferralStateName, onPaper = false): boolean {
  const { from, fromPaper = [] } = row(action);
  return from.includes(state) || (onPaper && fromPaper.includes(state));
}

/** What is known of a case beside its state when somebody acts on it. */
export interface CaseStanding {
  /** Who was head of the unit on the day of the fact: the right of reply is theirs, also after the unit has gone. */
  readonly headId: string | null;
  /** Who answers in the place of the unit, where it is no more: the units that lead its work now. */
  readonly answering?: readonly string[];
  /** It is recorded from a numbered document, with its arrival. */
  readonly papered: boolean;
}

export function referralRelations(
  actor: Actor,
  r: Referral,
  directive: OfficeFacts,
  { headId, answering = [] }: Omit<CaseStanding, 'papered'>,
): ReferralRelation[] {
  if (actor.kind !== 'person' || actor.workingGroupId !== directive.workingGroupId) return [];
  const own = relationsByRole(actor, r, answering);
  return actor.personId === headId && !own.includes('subject') ? [...own, 'subject'] : own;
}

function relationsByRole(
  { role, unitId }: PersonActor,
  r: Referral,
  answering: readonly string[],
): ReferralRelation[] {
  switch (role) {
    case 'unit':
      return unitId !== null && [r.unitId, ...answering].includes(unitId) ? ['subject'] : [];
    case 'standing_agency':
      return ['standing_agency'];
    case 'supervisor':
      return ['supervisor'];
    case 'home_affairs':
      return r.referredAt === null ? [] : ['home_affairs'];
    case 'administrator':
      return [];
  }
}

const OFFICES = ['standing_agency', 'home_affairs'] as const;

function officeUnit(office: (typeof OFFICES)[number], directive: OfficeFacts): string {
  return office === 'standing_agency' ? directive.standingAgencyId : directive.homeAffairsId;
}

/**
 * Whether the actor may, whatever the state. Nobody decides in their own cause: a case of the standing
 * agency is the supervisor's to supplement, withdraw or release, and a case of Home Affairs itself goes to the
 * head of the Working Group, so that its own officers may not act on it.
 */
export function permitsReferral(
  actor: Actor,
  action: ReferralAction,
  r: Referral,
  directive: OfficeFacts,
  standing: CaseStanding,
): Refusal | null {
  const { answering = [], papered } = standing;
  const relations = referralRelations(actor, r, directive, standing);
  if (relations.length === 0) {
    return refuse('not_found', {
      vi: 'Không có hồ sơ này trong phạm vi của bạn.',
      en: 'There is no such case within your scope.',
    });
  }
  // An office that took over the unit's work answers for it now: its cause as well.
  const body = OFFICES.find((office) => [r.unitId, ...answering].includes(officeUnit(office, directive)));
  const ownCause = body !== undefined && relations.includes(body);
  if (row(action).by.includes('subject') && relations.includes('subject')) return null;
  // Who was head on the day of the fact answers for it, in whatever role, and decides nothing of it.
  if (actor.kind === 'person' && actor.personId === standing.headId && !row(action).by.includes('subject'))
    return subjectsOwn();
  if (body !== undefined && relations.includes('supervisor') && row(action).by.includes(body)) return null;
  const onBehalf = row(action).onBehalf === true && relations.includes('standing_agency');
  if (onBehalf && !ownCause) return papered ? null : paperNeeded();
  if (!onBehalf && !row(action).by.some((relation) => relations.includes(relation))) {
    return refuse('forbidden', {
      vi: `Vai trò của bạn không được thực hiện «${action}».`,
      en: `Your role may not "${action}" here.`,
    });
  }
  if (!ownCause) return null;
  return refuse('own_cause', {
    vi: 'Đơn vị này là đối tượng của hồ sơ; lãnh đạo Tổ công tác quyết định.',
    en: 'This body is the subject of the case; the head of the Working Group decides.',
  });
}

function subjectsOwn(): Refusal {
  return refuse('own_cause', {
    vi: 'Hồ sơ nói về việc khi bạn đứng đầu đơn vị: bạn có quyền phản hồi, người khác quyết định.',
    en: 'The case is about the time when you were head of the unit: you may reply, and somebody else decides.',
  });
}

function paperNeeded(): Refusal {
  return refuse('document_required', {
    vi: 'Ghi thay đơn vị cần số, ngày và thời điểm đến của văn bản.',
    en: 'Recording for the unit needs the document: its number, date and arrival.',
  });
}

/** A transition that the table forbids, with what this caller may do instead. */
export function referralStateRefusal(
  action: ReferralAction,
  r: Referral,
  actor: Actor,
  directive: OfficeFacts,
  standing: CaseStanding,
): Refusal | null {
  const { state } = r;
  if (canReferral(action, state, isPaper(actor, standing))) return null;
  return refuse(
    'transition_not_allowed',
    {
      vi: `Không thể «${action}» khi hồ sơ ở trạng thái «${state}».`,
      en: `"${action}" is not possible while the case is "${state}".`,
    },
    {
      extra: {
        state,
        action,
        allowedFrom: row(action).from,
        possible: REFERRAL_ACTIONS.filter(
          (other) =>
            canReferral(other, state, isPaper(actor, standing)) &&
            permitsReferral(actor, other, r, directive, standing) === null,
        ),
      },
    },
  );
}

/** Only the standing agency records what arrived earlier. */
function isPaper(actor: Actor, { papered }: CaseStanding): boolean {
  return papered && actor.kind === 'person' && actor.role === 'standing_agency';
}

export interface AllowedReferralAction {
  readonly action: ReferralAction;
  readonly allowed: boolean;
  readonly reason: Refusal | null;
}

export function allowedReferralActions(
  actor: Actor,
  r: Referral,
  directive: OfficeFacts,
  { headId, answering = [] }: Omit<CaseStanding, 'papered'>,
): AllowedReferralAction[] {
  const standing = { headId, answering, papered: true };
  return REFERRAL_ACTIONS.map((action) => {
    const reason =
      permitsReferral(actor, action, r, directive, standing) ??
      referralStateRefusal(action, r, actor, directive, standing);
    return { action, allowed: reason === null, reason };
  });
}
