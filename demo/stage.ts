import { Assignment } from '../src/contracts/assignment-resource.js';
import type { Cast, Player } from './cast.js';
import { type AssignmentView, readAssignment } from './directives.js';
import type { Instance } from './instance.js';
import { expectThat, type Narrator } from './narrator.js';

/** One telling of the story: who plays, what is told, and the directive it is about. */
export interface Stage {
  readonly narrator: Narrator;
  readonly instance: Instance;
  readonly cast: Cast;
  readonly agency: Player;
  readonly supervisor: Player;
  readonly homeAffairs: Player;
  /** Number of the directive; another one each time it is played. */
  readonly number: string;
  /** Local date, as officials write it. */
  readonly today: string;
}

/**
 * An act of the lead unit: by its own sign-in, or, for a unit that never signs in, recorded by the standing
 * agency from the unit's numbered letter.
 */
export async function actForUnit(
  stage: Stage,
  assignment: AssignmentView,
  path: string,
  body: object,
): Promise<{ assignment: AssignmentView; by: string }> {
  const { cast, agency, today } = stage;
  const player = cast.ofUnit(assignment.unit.id);
  const url = `/v1/assignments/${assignment.id}/${path}`;
  if (player !== null) {
    return { assignment: await player.api.post(url, body, Assignment), by: player.name };
  }
  const number = `${1 + Math.floor(Math.random() * 900)}/UBND-VP`;
  const arrivedAt = new Date(Math.max(Date.parse(assignment.assignedAt), Date.now() - 1_000)).toISOString();
  const document = { number, date: today, arrivedAt };
  return {
    assignment: await agency.api.post(url, { ...body, document }, Assignment),
    by: `on paper, ${number}, recorded by ${agency.name}`,
  };
}

/** Acts and then reads again, as the standing agency does: the answer and the record say the same. */
export async function actAs(
  stage: Stage,
  player: Player,
  assignmentId: string,
  path: string,
  body: object,
  state: AssignmentView['state'],
): Promise<AssignmentView> {
  await player.api.post(`/v1/assignments/${assignmentId}/${path}`, body, Assignment);
  const after = await readAssignment(stage.agency.api, assignmentId);
  expectThat(after.state === state, `the assignment is ${after.state}, not ${state}`);
  return after;
}
