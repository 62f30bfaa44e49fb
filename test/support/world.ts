import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { openPool } from '../../src/db/pool.js';
import type { PersonActor, Role } from '../../src/domain/actor.js';
import { ALWAYS_OPEN, type Calendar } from '../../src/domain/calendar.js';
import { type DirectiveContent, type DraftTask, EMPTY_CONTENT } from '../../src/domain/directive/draft.js';
import { DEFAULT_POLICY, type DirectivePolicy } from '../../src/domain/policy.js';
import { createEngine, type Engine } from '../../src/engine/engine.js';
import type { CommandRequest, Outcome } from '../../src/engine/request.js';

/** A ladder in seconds, so that a test plays a whole story while it waits for conditions only. */
export const QUICK_POLICY: DirectivePolicy = {
  ...DEFAULT_POLICY,
  id: 'quick',
  ladder: [
    { step: 'remind', kind: 'reminder', when: 'before', offset: { value: 60, unit: 's' }, to: ['officer'] },
    { step: 'urge', kind: 'urge', when: 'after', offset: { value: 60, unit: 's' }, to: ['officer', 'head'] },
    {
      step: 'supervisor',
      kind: 'supervisor',
      when: 'after',
      offset: { value: 120, unit: 's' },
      to: ['supervisor'],
    },
    {
      step: 'refer',
      kind: 'referral',
      when: 'after',
      offset: { value: 180, unit: 's' },
      to: ['head', 'standing_agency'],
    },
  ],
  clocks: {
    acknowledge: { value: 1, unit: 'd' },
    contest: { value: 1, unit: 'd' },
    contestAnswer: { value: 2, unit: 'd' },
    confirm: { value: 2, unit: 'd' },
    extensionAnswer: { value: 2, unit: 'd' },
    obstacleAnswer: { value: 2, unit: 'd' },
    causeAnswer: { value: 2, unit: 'd' },
    unclear: { value: 2, unit: 'd' },
  },
  mend: { atLeast: { value: 300, unit: 's' } },
  referral: {
    objectionWindow: { value: 300, unit: 's' },
    decision: { value: 300, unit: 's' },
    release: 'automatic',
    acknowledge: { value: 1, unit: 'd' },
  },
  supervisorList: { when: 'each', meetings: [], before: { value: 0, unit: 's' } },
  documentRequired: [],
};

/** A small Working Group in a fresh database, with an engine over it and people of each role. */
export interface World {
  readonly engine: Engine;
  readonly groupId: string;
  readonly units: Readonly<Record<'agency' | 'affairs' | 'health' | 'justice' | 'finance', string>>;
  as(role: Role, unit?: keyof World['units']): PersonActor;
  request(actor: PersonActor, more?: Partial<CommandRequest>): CommandRequest;
  /** Moves the one clock that commands and steps share. */
  skip(ms: number): Promise<void>;
  now(): Promise<number>;
  sql<T extends pg.QueryResultRow>(text: string, params?: readonly unknown[]): Promise<T[]>;
  close(): Promise<void>;
}

export async function createWorld(
  url: string,
  policy: DirectivePolicy = QUICK_POLICY,
  limits = { stepBatch: 500, issueBatch: 1000 },
  over: { readonly existing?: boolean; readonly calendar?: Calendar } = {},
): Promise<World> {
  const owner = openPool({ url, max: 2, name: 'test-owner' });
  const as = (role: string): string =>
    `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent(`-c role=${role}`)}`;
  const writer = openPool({ url: as('dondoc_writer'), max: 20, name: 'test-writer' });
  const reader = openPool({ url: as('dondoc_reader'), max: 5, name: 'test-reader' });
  const quiet = (): void => undefined;
  const engine = createEngine({
    writer,
    reader,
    log: { info: quiet, warn: quiet, error: quiet, debug: quiet },
    limits,
  });
  const { groupId, units } =
    over.existing === true ? await found(owner) : await make(owner, policy, over.calendar ?? ALWAYS_OPEN);
  const people = new Map<string, string>();
  return {
    engine,
    groupId,
    units,
    as(role, unit) {
      const key = `${role}:${unit ?? ''}`;
      const personId = people.get(key) ?? uuidv7();
      people.set(key, personId);
      const unitId =
        unit === undefined
          ? role === 'standing_agency'
            ? units.agency
            : role === 'home_affairs'
              ? units.affairs
              : null
          : units[unit];
      return { kind: 'person', personId, name: key, role, workingGroupId: groupId, unitId };
    },
    request: (actor, more = {}) => ({ actor, arrived: performance.now(), ...more }),
    async skip(ms) {
      await owner.query("update clock_offset set shift = shift + $1 * interval '1 millisecond'", [ms]);
    },
    async now() {
      const result = await owner.query<{ now: number }>('select app_now() as now');
      return result.rows[0]?.now ?? Number.NaN;
    },
    async sql(text, params = []) {
      return (await owner.query(text, [...params])).rows;
    },
    async close() {
      await Promise.all([owner.end(), writer.end(), reader.end()]);
    },
  };
}

type Made = Pick<World, 'groupId' | 'units'>;

/** The Working Group that an earlier world left in this database. */
async function found(owner: pg.Pool): Promise<Made> {
  const groups = await owner.query<{ id: string }>('select id from working_group');
  const rows = await owner.query<{ code: string; id: string }>('select code, id from unit');
  const idOf = (code: string): string => rows.rows.find((row) => row.code === code)?.id ?? '';
  return {
    groupId: groups.rows[0]?.id ?? '',
    units: {
      agency: idOf('agency'),
      affairs: idOf('affairs'),
      health: idOf('health'),
      justice: idOf('justice'),
      finance: idOf('finance'),
    },
  };
}

async function make(owner: pg.Pool, policy: DirectivePolicy, calendar: Calendar): Promise<Made> {
  const groupId = uuidv7();
  const units = {
    agency: uuidv7(),
    affairs: uuidv7(),
    health: uuidv7(),
    justice: uuidv7(),
    finance: uuidv7(),
  };
  for (const [code, id] of Object.entries(units)) {
    const group = code === 'agency' ? 'police' : 'department';
    await owner.query('insert into unit (id, code, name, group_code, email) values ($1, $2, $3, $4, $5)', [
      id,
      code,
      `Sở ${code}`,
      group,
      `${code}@example.vn`,
    ]);
  }
  await owner.query('insert into calendar (id, version, body) values ($1, 1, $2)', [
    calendar.id,
    JSON.stringify(calendar),
  ]);
  const body = JSON.stringify(policy);
  await owner.query('insert into policy (id, version, body) values ($1, 1, $2)', [policy.id, body]);
  await owner.query(
    `insert into working_group (id, code, name, standing_agency_id, home_affairs_id, calendar_id, policy_id)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [groupId, 'tct', 'Tổ công tác', units.agency, units.affairs, calendar.id, policy.id],
  );
  await owner.query("insert into clock_offset (shift) values ('0')");
  return { groupId, units };
}

/** A task that passes the gate; tests override what they are about. */
export function draftTask(over: Partial<DraftTask> = {}): DraftTask {
  return {
    id: uuidv7(),
    code: null,
    title: 'Rà soát dữ liệu',
    titleEn: 'Review the data',
    nature: 'specific',
    recurrence: 'one_off',
    kind: 'task',
    leadUnitIds: [],
    severalLeads: null,
    groupCodes: [],
    coordinatingUnitIds: [],
    monitorUnitId: null,
    deadline: { phrase: 'within 10 minutes', rule: null, past: null },
    result: { kind: 'deliverable', text: 'Báo cáo' },
    targets: [],
    source: null,
    importRow: null,
    asTyped: { leads: null, coordinating: null, result: null },
    keepUnclear: false,
    previousTaskId: null,
    ...over,
  };
}

export function draftContent(
  tasks: readonly DraftTask[],
  over: Partial<DirectiveContent> = {},
): DirectiveContent {
  return {
    ...EMPTY_CONTENT,
    number: '01/KH-TCT',
    title: 'Kế hoạch thử',
    documentDate: '2025-01-06',
    tasks,
    ...over,
  };
}

/** The subject of an answer; a refusal fails the test with its reason. */
export function subjectOf(outcome: Outcome): string {
  if ('refused' in outcome)
    throw new Error(
      `${outcome.code}: ${outcome.detail.en} ${JSON.stringify(outcome.errors ?? outcome.extra ?? '')}`,
    );
  if (outcome.subjectId === null) throw new Error('The answer names no subject');
  return outcome.subjectId;
}
