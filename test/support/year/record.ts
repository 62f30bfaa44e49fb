import type { Assignment } from '../../../src/domain/assignment/state.js';
import { COUNT_CLASSES, type CountClass } from '../../../src/domain/figures/classes.js';
import { workOnEdits } from '../../../src/engine/calendar-sweep.js';
import { editDays } from '../../../src/engine/calendars.js';
import { conductDirective, conductReferral } from '../../../src/engine/conduct.js';
import { conductRegime } from '../../../src/engine/conduct-reports.js';
import { checkCounts } from '../../../src/engine/count-check.js';
import { createDraft, issueDirective } from '../../../src/engine/directives.js';
import { executeAssignments } from '../../../src/engine/execute.js';
import { foldAll } from '../../../src/engine/fold.js';
import { executeMove } from '../../../src/engine/moves.js';
import { createRegime } from '../../../src/engine/regimes.js';
import { executeReport } from '../../../src/engine/reports.js';
import type { CommandRequest, Outcome } from '../../../src/engine/request.js';
import { subjectOf, type World } from '../world.js';
import { commandOf, reportCommandOf } from './commands.js';
import { type Act, successorKey } from './lives.js';
import { ANNOUNCED_AT, ANNOUNCED_DAYS, keyOf, type Year } from './plan.js';
import { actorOf, documentOf, type PlayedYear, type YearOffices } from './pure.js';
import { monthlyReports, type PlayedReports, reportKey } from './pure-reports.js';
import type { ReportAct } from './reporting.js';

/** What the record holds after a year, and what it did on the way. */
export interface RecordedYear extends PlayedYear {
  readonly reports: PlayedReports;
  readonly steps: number;
  readonly messages: number;
  readonly cases: number;
  /** Steps that were set aside with an error, and lives whose counts are not what their events say. */
  readonly faults: readonly string[];
}

/** The clock owes nothing for longer than this before an act. */
const PATIENCE = 6 * 3_600_000;

export function officesOf(world: World): YearOffices {
  return {
    workingGroupId: world.groupId,
    standingAgencyId: world.units.agency,
    homeAffairsId: world.units.affairs,
  };
}

/** Plays a year on the real record, with the clock of test mode moved from act to act. */
export async function playOnRecord(
  world: World,
  year: Year,
  progress: (done: number, of: number) => void = () => undefined,
): Promise<RecordedYear> {
  const player = new RecordPlayer(world, year);
  await player.begin();
  return await player.play(progress);
}

class RecordPlayer {
  readonly #world: World;
  readonly #year: Year;
  readonly #offices: YearOffices;
  readonly #ids = new Map<string, string>();
  readonly #names = new Map<string, string>();
  readonly #owed = new Map<string, string>();
  readonly #classes: Map<string, CountClass>[] = [];
  readonly #states: Map<string, string>[] = [];
  #conducted = 0;
  #announced = false;

  constructor(world: World, year: Year) {
    this.#world = world;
    this.#year = year;
    this.#offices = officesOf(world);
  }

  async begin(): Promise<void> {
    const { units, beginsAt, issuedAt, content } = this.#year;
    await this.#clock(beginsAt, true);
    await this.#world.sql(
      `insert into unit (id, code, name, group_code, email)
       select id, code, name, 'commune', code || '@example.vn'
         from unnest($1::uuid[], $2::text[], $3::text[]) as n(id, code, name)`,
      [units.map(({ id }) => id), units.map(({ code }) => code), units.map(({ name }) => name)],
    );
    subjectOf(await createRegime(this.#world.engine, this.#request(null), monthlyReports(this.#year)));
    await this.#conduct(beginsAt);
    await this.#clock(issuedAt);
    const id = subjectOf(await createDraft(this.#world.engine, this.#request(null), content));
    subjectOf(await issueDirective(this.#world.engine, this.#request(null), id));
    for (let more = true; more; ) ({ more } = await conductDirective(this.#world.engine, id, NEVER));
    const made = await this.#world.sql<{ id: string; task_id: string; unit_id: string }>(
      'select id, task_id, unit_id from assignment where directive_id = $1',
      [id],
    );
    for (const row of made) this.#name(keyOf(row.task_id, row.unit_id), row.id);
  }

  async play(progress: (done: number, of: number) => void): Promise<RecordedYear> {
    const { acts, reports, checks } = this.#year;
    const [accepted, came]: [boolean[], boolean[]] = [[], []];
    for (let next = 0; accepted.length < acts.length || came.length < reports.length; ) {
      const [act, report] = [acts[accepted.length], reports[came.length]];
      const at = Math.min(act?.at ?? NEVER, report?.at ?? NEVER);
      for (; next < checks.length && (checks[next] ?? 0) <= at; next += 1)
        await this.#check(checks[next] ?? 0);
      if (at > ANNOUNCED_AT) await this.#announce();
      await this.#clock(at);
      if (at - this.#conducted > PATIENCE) await this.#conduct(at);
      if (act !== undefined && act.at === at) accepted.push(await this.#act(act));
      else if (report !== undefined) came.push(await this.#report(report));
      progress(accepted.length + came.length, acts.length + reports.length);
    }
    for (const at of checks.slice(this.#classes.length)) await this.#check(at);
    const afterwards: Map<string, CountClass>[] = [];
    for (const at of checks) afterwards.push(await this.#classesAt(at));
    return {
      accepted,
      classes: this.#classes,
      afterwards,
      reports: { accepted: came, states: this.#states },
      ...(await this.#sums()),
    };
  }

  /** The day off of the middle of the year comes into the calendar, and everything that rests on it is computed again. */
  async #announce(): Promise<void> {
    if (this.#announced) return;
    this.#announced = true;
    await this.#clock(ANNOUNCED_AT);
    await this.#conduct(ANNOUNCED_AT);
    const { engine, groupId } = this.#world;
    const administrator = this.#world.as('administrator');
    const request = this.#world.request({ ...administrator, workingGroupId: groupId });
    const [used] = await this.#world.sql<{ id: string; version: number }>(
      'select id, max(version) as version from calendar group by id',
    );
    if (used === undefined) throw new Error('There is no calendar');
    const edit = { days: ANNOUNCED_DAYS, remove: [], years: [], reason: 'Hoán đổi', source: '9/TB' };
    if (!took(await editDays(engine, request, used.id, edit, used.version)))
      throw new Error('The edit is refused');
    while (await workOnEdits(engine));
  }

  /** Never back; the time that the work itself takes goes on beside it. */
  async #clock(at: number, back = false): Promise<void> {
    await this.#world.sql(
      `update clock_offset set shift = case when $2 then to_timestamp($1::float8 / 1000) - clock_timestamp()
         else greatest(shift, to_timestamp($1::float8 / 1000) - clock_timestamp()) end`,
      [at, back],
    );
  }

  /** Every conductor that has something to do passes until it has not. */
  async #conduct(at: number): Promise<void> {
    this.#conducted = at;
    const { engine } = this.#world;
    for (let passes = 0; passes < 100; passes += 1) {
      const due = await this.#world.sql<{ kind: string; id: string }>(
        `select distinct conductor_kind as kind, conductor_id as id from planned_step
          where due_at <= app_now() and set_aside_at is null`,
      );
      if (due.length === 0) return;
      for (const { kind, id } of due) {
        if (kind === 'directive') await conductDirective(engine, id, NEVER);
        else if (kind === 'referral') await conductReferral(engine, id, NEVER);
        else await conductRegime(engine, id, NEVER);
      }
    }
    throw new Error('The conductors never come to rest');
  }

  #request(by: string | null, act?: { readonly at: number; readonly arrived?: number }): CommandRequest {
    const document =
      act === undefined || by !== null ? undefined : { ...documentOf(act), arrivedAt: act.arrived };
    return this.#world.request(actorOf(this.#offices, by), { document });
  }

  async #act(act: Act): Promise<boolean> {
    const id = this.#ids.get(act.key);
    if (id === undefined) return false;
    const { engine } = this.#world;
    const [row] = await this.#world.sql<{ body: Assignment }>('select body from assignment where id = $1', [
      id,
    ]);
    if (row === undefined) throw new Error(`The record has lost ${id}`);
    const command = commandOf(act, row.body);
    const request = this.#request(act.by, act);
    if (command.action !== 'move') return took(await executeAssignments(engine, request, [id], command));
    if (!took(await executeMove(engine, request, [id], command.input))) return false;
    const [moved] = await this.#world.sql<{ body: Assignment }>('select body from assignment where id = $1', [
      id,
    ]);
    for (const [index, successor] of (moved?.body.supersededBy ?? []).entries())
      this.#name(successorKey(act.key, act.to?.[index] ?? ''), successor);
    return true;
  }

  async #report(act: ReportAct): Promise<boolean> {
    const key = reportKey(act.unitId, act.period);
    if (!this.#owed.has(key)) {
      await this.#conduct(act.at);
      const rows = await this.#world.sql<{ id: string; unit_id: string; period: string }>(
        'select id, unit_id, period from report_obligation',
      );
      for (const row of rows) this.#owed.set(reportKey(row.unit_id, row.period), row.id);
    }
    const id = this.#owed.get(key);
    if (id === undefined) return false;
    const by = act.name === 'submit' ? act.unitId : null;
    return took(await executeReport(this.#world.engine, this.#request(by, act), id, reportCommandOf(act)));
  }

  async #check(at: number): Promise<void> {
    await this.#clock(at);
    await this.#conduct(at);
    this.#classes.push(await this.#classesAt(at));
    const rows = await this.#world.sql<{ unit_id: string; period: string; state: string }>(
      `select unit_id, period,
              states[cardinality(array(select 1 from unnest(states_from) since where since <= to_timestamp($1::float8 / 1000)))] as state
         from report_obligation where period = any ($2)`,
      [at, this.#year.periods],
    );
    this.#states.push(new Map(rows.map((row) => [reportKey(row.unit_id, row.period), row.state])));
  }

  /** From the spans, as the counts are made. */
  async #classesAt(at: number): Promise<Map<string, CountClass>> {
    const rows = await this.#world.sql<{ id: string; class: string }>(
      `select s.assignment_id as id, case s.class
         when 'done' then case when s.late then 'done_late' else 'done_on_time' end
         when 'awaiting' then case when s.late then 'awaiting_overdue' else 'awaiting_in_time' end
         when 'open' then case when coalesce(s.late, s.due_at < to_timestamp($1::float8 / 1000), false)
                               then 'open_overdue' else 'open_in_time' end
         else s.class end as class
         from span s
        where s.starts_at <= to_timestamp($1::float8 / 1000)
          and (s.ends_at is null or s.ends_at > to_timestamp($1::float8 / 1000))`,
      [at],
    );
    const known: ReadonlyMap<string, CountClass> = new Map(COUNT_CLASSES.map((name) => [name, name]));
    return new Map(
      rows.flatMap(({ id, class: name }) => {
        const found = known.get(name);
        return found === undefined ? [] : [[this.#names.get(id) ?? id, found] as const];
      }),
    );
  }

  #name(key: string, id: string): void {
    this.#ids.set(key, id);
    this.#names.set(id, key);
  }

  async #sums(): Promise<Pick<RecordedYear, 'steps' | 'messages' | 'cases' | 'faults'>> {
    await foldAll(this.#world.engine);
    const { wrongLives, wrongSums } = await checkCounts(this.#world.engine);
    const aside = await this.#world.sql<{ subject_id: string; error: string }>(
      'select subject_id, error from planned_step where set_aside_at is not null',
    );
    const [sums] = await this.#world.sql<{ steps: number; messages: number; cases: number }>(
      `select (select count(*) from step_taken)::float8 as steps, (select count(*) from item)::float8 as messages,
              (select count(*) from referral)::float8 as cases`,
    );
    return {
      ...(sums ?? { steps: 0, messages: 0, cases: 0 }),
      faults: [
        ...aside.map(({ subject_id, error }) => `${subject_id}: ${error}`),
        ...[...wrongLives, ...wrongSums].map((name) => `counts: ${name}`),
      ],
    };
  }
}

const NEVER = Number.MAX_SAFE_INTEGER;
const took = (outcome: Outcome): boolean => !('refused' in outcome);
