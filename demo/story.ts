import { Assignment } from '../src/contracts/resources.js';
import { Cast, type Player } from './cast.js';
import { playClosing } from './closing.js';
import { type AssignmentView, readAssignment } from './directives.js';
import type { Instance } from './instance.js';
import { playIssuing } from './issuing.js';
import { expectThat, type Narrator } from './narrator.js';
import { playPlanOf61 } from './plan-of-61.js';
import { playSilence } from './silence.js';
import { playWork } from './work.js';

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

export interface StoryOptions {
  /** The chapter of the real plan of 61 rows; left out by tests that are about other things. */
  readonly withPlanOf61: boolean;
}

/** What the story came to, for who played it. */
export interface Told {
  readonly directiveId: string;
  readonly number: string;
  readonly steps: number;
  readonly seconds: number;
}

/**
 * Plays the whole story on a running instance, by its public API alone.
 *
 * @throws StepError that names the step which did not happen
 */
export async function playStory(
  instance: Instance,
  narrator: Narrator,
  options: StoryOptions,
): Promise<Told> {
  const stage = await gather(instance, narrator);
  if (options.withPlanOf61) {
    const cast = await Cast.gather(instance, 'project-06');
    await playPlanOf61(narrator, cast, `${stage.number}-61`);
  }
  const plot = await playIssuing(stage);
  // The silent unit's clock runs while the others work.
  await playWork(stage, plot);
  const referralId = await playSilence(stage, plot);
  await playClosing(stage, plot, referralId);
  return {
    directiveId: plot.directiveId,
    number: stage.number,
    steps: narrator.steps,
    seconds: narrator.seconds,
  };
}

async function gather(instance: Instance, narrator: Narrator): Promise<Stage> {
  narrator.chapter('Vai diễn', 'Who plays');
  const cast = await narrator.step(
    'the demo sign-ins work',
    async () => await Cast.gather(instance, 'demo'),
    ({ players }) => [
      `${players.length} people sign in`,
      ...players.map(({ name, role, unit }) => `${name}: ${role}${unit === null ? '' : `, ${unit.name}`}`),
    ],
  );
  const local = new Date(Date.now() + 7 * 3_600_000).toISOString();
  return {
    narrator,
    instance,
    cast,
    agency: cast.byRole('standing_agency'),
    supervisor: cast.byRole('supervisor'),
    homeAffairs: cast.byRole('home_affairs'),
    number: `${local.slice(2, 10).replaceAll('-', '')}.${local.slice(11, 19).replaceAll(':', '')}/KH-TCTĐA06`,
    today: local.slice(0, 10),
  };
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
