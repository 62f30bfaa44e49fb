import { Cast } from './cast.js';
import { playClosing } from './closing.js';
import type { Instance } from './instance.js';
import { playIssuing } from './issuing.js';
import type { Narrator } from './narrator.js';
import { playPlanOf61 } from './plan-of-61.js';
import { playSilence } from './silence.js';
import type { Stage } from './stage.js';
import { playWork } from './work.js';

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
