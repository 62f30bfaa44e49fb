import { answersOf61 } from './answers-of-61.js';
import type { Cast } from './cast.js';
import type { Client } from './client.js';
import { answer, apply, assignmentsOf, check, issue, type Preview, preview } from './directives.js';
import { expectThat, type Narrator } from './narrator.js';

/** What a plan as it really was becomes: 61 rows of signed documents, with all that is wrong in them. */
const FILE = 'test/fixtures/project06-tasks.csv';
const ROWS = 61;

/**
 * Plays the import of the 61 rows in the Working Group with office hours and the ladder in working days:
 * every row is accounted for, as a task that runs or as unclear.
 */
export async function playPlanOf61(narrator: Narrator, cast: Cast, number: string): Promise<void> {
  const { api, name } = cast.byRole('standing_agency');
  narrator.chapter('Kế hoạch thật: 61 dòng', 'A real plan: 61 rows');
  const year = new Date().getUTCFullYear();
  const first = await narrator.step(
    'the 61 rows are read',
    async () => {
      const title = 'Đề án 06: các nhiệm vụ đã giao';
      const about = { number, title, documentDate: `${year}-01-05`, endsOn: `${year + 1}-12-31` };
      return accounted(await preview(api, FILE, about));
    },
    findings,
  );
  const answered = await narrator.step(
    'every question of the 61 rows is answered',
    async () => {
      const read = accounted(await answer(api, first.id, answersOf61(year + 1)));
      const waiting = read.preview.rows.filter(({ status }) => status === 'blocked').map(({ line }) => line);
      expectThat(waiting.length === 0, `lines ${waiting.join(', ')} still wait for an answer`);
      return read;
    },
    ({ preview: { summary } }) => [
      `${name} answers: names mapped to units, the past taken over, what is unclear kept as unclear`,
      `${summary.ready} ready + ${summary.past} past with an answer + ${summary.unclear} unclear = ${ROWS}`,
    ],
  );
  await issue61(narrator, api, answered);
}

async function issue61(narrator: Narrator, api: Client, answered: Preview): Promise<void> {
  const { id } = await narrator.step(
    'the draft of 61 tasks passes the gate',
    async () => {
      const draft = await apply(api, answered.id);
      const { ready, counts } = await check(api, draft);
      expectThat(ready, `the gate refuses ${counts.refused} rows`);
      expectThat(counts.rows === ROWS, `the draft has ${counts.rows} tasks`);
      return { id: draft, counts };
    },
    ({ counts }) =>
      `the gate lets it through: ${counts.clear} clear rows make ${counts.assignments} assignments, ${counts.unclear} stay unclear`,
  );
  await narrator.step(
    'the 61 rows are issued, all accounted for',
    async () => {
      const { counts, number } = await issue(narrator, api, id);
      const assignments = await assignmentsOf(api, id);
      const tasks = new Set(assignments.map(({ task }) => task.id)).size;
      const unclear = counts.unclear ?? 0;
      expectThat(
        assignments.length === counts.planned,
        `${assignments.length} of ${counts.planned} assignments`,
      );
      expectThat(tasks + unclear === ROWS, `${tasks} tasks run and ${unclear} are unclear, of ${ROWS}`);
      return { number, tasks, unclear, made: assignments.length };
    },
    ({ number, tasks, unclear, made }) =>
      `issued as ${number ?? ''}: ${ROWS} in; ${tasks} tasks (${made} assignments) + ${unclear} unclear = ${tasks + unclear} accounted for`,
  );
}

/** Each row of the file is in exactly one class. */
function accounted(read: Preview): Preview {
  const { rows, ready, past, unclear, blocked, sections, skipped } = read.preview.summary;
  const sum = ready + past + unclear + blocked + sections + skipped;
  expectThat(rows === ROWS, `${rows} rows were read, not ${ROWS}`);
  expectThat(sum === ROWS, `${sum} of ${ROWS} rows are accounted for`);
  return read;
}

function findings({ preview: { summary, unitNames } }: Preview): string[] {
  const asked = unitNames.filter((name) => name.asked).length;
  const kinds = Object.entries(summary.findings).map(([code, count]) => `${code} ${count}`);
  return [
    `${summary.rows} rows are read: ${summary.ready} ready, ${summary.unclear} unclear, ${summary.past} past, ${summary.blocked} wait for an answer`,
    `it asks which unit is meant by ${asked} names, and finds: ${kinds.join(', ')}`,
  ];
}
