import type { AssignmentStateName } from './state.js';

/** How the actor stands to the assignment; computed by `relationsOf`. */
export type Relation =
  | 'leads'
  | 'coordinates'
  | 'monitors'
  | 'standing_agency'
  | 'supervisor'
  | 'holds_obstacle'
  | 'asked'
  | 'clock';

type Before = AssignmentStateName;

const OPEN = [
  'assigned',
  'acknowledged',
  'in_progress',
  'submitted',
  'contested',
  'suspended',
] as const satisfies readonly Before[];
const WORKING = ['assigned', 'acknowledged', 'in_progress'] as const satisfies readonly Before[];
const RUNNING = [
  'assigned',
  'acknowledged',
  'in_progress',
  'submitted',
  'contested',
] as const satisfies readonly Before[];
/** Lateness stays in the record after the end, and with it the question of its cause. */
const ANY = [
  ...OPEN,
  'confirmed',
  'concluded',
  'stopped',
  'superseded',
  'carried_over',
] as const satisfies readonly Before[];

interface Row {
  readonly from: readonly Before[];
  readonly by: readonly Relation[];
  /**
   * Judging acts pass to the supervisor where the deciding body leads or holds the matter itself; those with a
   * clock (`undecidedInTime`) also once it has run out.
   */
  readonly judges?: true;
  /** The standing agency may record it for the unit from a numbered document. */
  readonly onBehalf?: true;
  readonly to: readonly Before[] | 'same';
}

/**
 * The whole assignment table of design §2 as data, asked by the deciders, by `allowedActions` and by the
 * diagram in the documents. `to: 'same'` keeps the state.
 */
export const ASSIGNMENT_TABLE = {
  acknowledge: { from: ['assigned'], by: ['leads'], onBehalf: true, to: ['acknowledged'] },
  contest: { from: ['assigned', 'acknowledged'], by: ['leads'], onBehalf: true, to: ['contested'] },
  answer_contest: {
    from: ['contested'],
    by: ['standing_agency'],
    judges: true,
    to: ['superseded', 'stopped', 'acknowledged'],
  },
  report: { from: WORKING, by: ['leads'], onBehalf: true, to: ['in_progress'] },
  submit: { from: WORKING, by: ['leads'], onBehalf: true, to: ['submitted'] },
  recall: { from: ['submitted'], by: ['leads'], to: ['in_progress'] },
  confirm: { from: ['submitted'], by: ['monitors'], judges: true, to: ['confirmed'] },
  accept_part: { from: ['submitted'], by: ['monitors'], judges: true, to: ['in_progress'] },
  return: { from: ['submitted'], by: ['monitors'], judges: true, to: ['in_progress'] },
  suspend: { from: RUNNING, by: ['standing_agency'], judges: true, to: ['suspended'] },
  resume: { from: ['suspended'], by: ['standing_agency'], judges: true, to: RUNNING },
  stop: { from: OPEN, by: ['standing_agency'], judges: true, to: ['stopped'] },
  reassign: { from: OPEN, by: ['standing_agency'], judges: true, to: ['superseded'] },
  move: { from: OPEN, by: ['standing_agency'], judges: true, to: ['superseded'] },
  carry_over: { from: OPEN, by: ['standing_agency'], judges: true, to: ['carried_over'] },
  reopen: { from: ['confirmed', 'stopped'], by: ['standing_agency'], judges: true, to: ['in_progress'] },
  conclude: { from: OPEN, by: ['clock'], to: ['concluded'] },
  adjust_deadline: { from: OPEN, by: ['standing_agency'], judges: true, to: 'same' },
  request_extension: { from: WORKING, by: ['leads'], onBehalf: true, to: 'same' },
  withdraw_extension: { from: OPEN, by: ['leads'], to: 'same' },
  decide_extension: { from: OPEN, by: ['standing_agency'], judges: true, to: 'same' },
  raise_obstacle: { from: WORKING, by: ['leads'], onBehalf: true, to: 'same' },
  withdraw_obstacle: { from: OPEN, by: ['leads'], to: 'same' },
  answer_obstacle: { from: OPEN, by: ['standing_agency', 'holds_obstacle'], judges: true, to: 'same' },
  state_cause: { from: ANY, by: ['leads'], onBehalf: true, to: 'same' },
  decide_cause: { from: ANY, by: ['standing_agency'], judges: true, to: 'same' },
  ask_contribution: { from: WORKING, by: ['leads'], to: 'same' },
  answer_contribution: { from: OPEN, by: ['asked'], to: 'same' },
  request_explanation: { from: OPEN, by: ['standing_agency', 'supervisor'], judges: true, to: 'same' },
  answer_explanation: { from: OPEN, by: ['leads'], onBehalf: true, to: 'same' },
  send_letter: { from: WORKING, by: ['standing_agency'], judges: true, to: 'same' },
  urge: { from: [...WORKING, 'contested'], by: ['standing_agency', 'monitors', 'supervisor'], to: 'same' },
} as const satisfies Record<string, Row>;

export type AssignmentAction = keyof typeof ASSIGNMENT_TABLE;

/** By these the unit shows that it has what it was given: any of them acknowledges, also its other assignments. */
const ACKNOWLEDGING: readonly string[] = [
  'acknowledge',
  'contest',
  'report',
  'submit',
  'request_extension',
  'raise_obstacle',
  'state_cause',
  'ask_contribution',
] satisfies readonly AssignmentAction[];

export const acknowledges = (action: string): boolean => ACKNOWLEDGING.includes(action);

export const ASSIGNMENT_ACTIONS = Object.keys(ASSIGNMENT_TABLE).filter(isAssignmentAction);

export function isAssignmentAction(name: string): name is AssignmentAction {
  return Object.hasOwn(ASSIGNMENT_TABLE, name);
}

/** The row with its optional marks, for code that asks any action. */
export function rowOf(action: AssignmentAction): Row {
  return ASSIGNMENT_TABLE[action];
}

/** Whether the state alone allows the action. */
export function can(action: AssignmentAction, state: AssignmentStateName): boolean {
  return rowOf(action).from.includes(state);
}
