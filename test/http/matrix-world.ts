import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { insertGrants, insertPeople, insertTokens } from '../../src/db/directory-store.js';
import type { Role } from '../../src/domain/actor.js';
import { DAY } from '../../src/domain/instant.js';
import type { DirectivePolicy } from '../../src/domain/policy.js';
import { workOnEdits } from '../../src/engine/calendar-sweep.js';
import { conductDirective, conductReferral } from '../../src/engine/conduct.js';
import { conductRegime } from '../../src/engine/conduct-reports.js';
import { sealDueItems } from '../../src/engine/envelopes.js';
import { issueBatch } from '../../src/engine/issue.js';
import { pumpOptions } from '../../src/engine/pump.js';
import { newToken, tokenDigest } from '../../src/engine/token.js';
import {
  assignmentsByUnit,
  type FixturePerson,
  type FixtureUnit,
  moveClock,
  type WorkingGroupFixture,
} from '../support/fixtures.js';
import { letters } from '../support/outbox.js';
import { QUICK_POLICY } from '../support/world.js';
import type { Answer, TestApi } from './api-fixture.js';

/** The database's clock alone says what is due. */
const NEVER = 8.64e15;
const LONG = { value: 60, unit: 'd' } as const;

/** Nobody's clock runs out while the matrix is asked, so that nothing passes on by itself. */
export const MATRIX_POLICY: DirectivePolicy = {
  ...QUICK_POLICY,
  id: 'matrix',
  clocks: {
    ...QUICK_POLICY.clocks,
    contestAnswer: LONG,
    confirm: LONG,
    extensionAnswer: LONG,
    obstacleAnswer: LONG,
    causeAnswer: LONG,
  },
  referral: {
    ...QUICK_POLICY.referral,
    release: 'released',
    objectionWindow: { value: 2, unit: 'd' },
    decision: LONG,
  },
};

/** An object of each noun, by the first part of its path. */
export type Objects = Readonly<Record<string, string>>;

/** What a text or an id is of; `seenBy` in the matrix test says who may find it in an answer. */
export interface Secret {
  readonly what: string;
  readonly text: string;
}

export interface GroupWorld {
  readonly group: WorkingGroupFixture;
  /** Around the assignment that Justice leads, whose case is not referred. */
  readonly lead: Objects;
  /** Around the one that the standing agency leads itself. */
  readonly ownCause: Objects;
  /** Around the one whose case was referred to Home Affairs. */
  readonly referred: Objects;
  /** Around the one of another unit. */
  readonly others: Objects;
  readonly secrets: readonly Secret[];
  readonly tokens: Readonly<Record<'office' | 'deputy' | 'deputyLater' | 'expired' | 'revoked', string>>;
}

/** Builds what one Working Group holds, over the API, in the order in which it would come to be. */
export class WorldBuilder {
  readonly #api: TestApi;
  readonly #group: WorkingGroupFixture;
  readonly #secrets: Secret[] = [];
  readonly #found = { directive: '', second: '', draft: '' };
  readonly #files = new Map<string, string>();
  readonly #of = new Map<string, string>();
  readonly #common: Record<string, string> = {};

  constructor(api: TestApi, group: WorkingGroupFixture) {
    this.#api = api;
    this.#group = group;
  }

  /** A text that is nowhere else. */
  #mark(what: string): string {
    const text = `zz-${what.replaceAll(' ', '-')}-${this.#group.code}-zz`;
    this.#secrets.push({ what, text });
    return text;
  }

  async #send(who: FixturePerson, method: string, path: string, body?: unknown): Promise<Answer['body']> {
    const { token } = this.#group.signIn(who);
    const headers = { 'idempotency-key': randomUUID() };
    const answer = await this.#api.call(method, path, { token, body, headers });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async #post(who: FixturePerson, path: string, body: unknown = {}): Promise<Answer['body']> {
    return await this.#send(who, 'POST', path, body);
  }

  #task(what: string, lead: FixtureUnit, more: object = {}): object {
    return {
      title: this.#mark(what),
      leadUnitIds: [this.#group.units[lead]],
      deadline: { phrase: 'within 1 day' },
      result: { kind: 'deliverable', text: 'Báo cáo' },
      ...more,
    };
  }

  async #draft(number: string, tasks: readonly object[], title = 'Kế hoạch'): Promise<string> {
    const fields = { number, title, documentDate: '2025-01-06', tasks };
    return (await this.#post('standing_agency', '/v1/directives', fields)).id;
  }

  async #issue(id: string): Promise<void> {
    await this.#post('standing_agency', `/v1/directives/${id}/issue`);
    await issueBatch(this.#api.engine, id);
    const found = await assignmentsByUnit(this.#api.engine.writer, id);
    for (const [unit, assignment] of found) this.#of.set(`${id} ${unit}`, assignment);
  }

  /** What is issued, before the deadlines pass. */
  async begin(): Promise<void> {
    const { units } = this.#group;
    const named = { coordinatingUnitIds: [units.health], monitorUnitId: units.communeC };
    this.#found.directive = await this.#draft('1/KH', [
      this.#task('task', 'justice', named),
      this.#task('task of another unit', 'communeA'),
      this.#task('task of the agency', 'agency'),
    ]);
    this.#found.second = await this.#draft('2/KH', [this.#task('referred task', 'justice')]);
    await this.#issue(this.#found.directive);
    await this.#issue(this.#found.second);
    this.#found.draft = await this.#draft('3/KH', [], this.#mark('draft'));
    await this.#directory();
  }

  /** Units, calendars, people, and what an office sets up for itself. */
  async #directory(): Promise<void> {
    const { units, code } = this.#group;
    const unit = await this.#api.call('GET', `/v1/units/${units.justice}`, {
      token: this.#group.signIn('administrator').token,
    });
    const changed = await this.#api.call('PATCH', `/v1/units/${units.justice}`, {
      token: this.#group.signIn('administrator').token,
      body: { parentId: units.communeB },
      headers: { 'if-match': unit.headers.get('etag') ?? '' },
    });
    if (changed.status !== 200) throw new Error(JSON.stringify(changed.body));
    const why = { source: '1/QĐ' };
    const calendar = `matrix-${code}`;
    const made = { id: calendar, basedOn: 'office-hours', reason: 'Riêng', ...why };
    await this.#post('administrator', '/v1/calendars', made);
    const reason = this.#mark('use of a calendar');
    await this.#post('administrator', `/v1/calendars/${calendar}/uses`, {
      unitId: units.health,
      reason,
      ...why,
    });
    const person = await this.#post('administrator', '/v1/people', { name: this.#mark('officer') });
    const grant = await this.#post('administrator', '/v1/grants', {
      personId: person.id,
      role: 'unit',
      unitId: units.communeA,
    });
    const webhook = await this.#post('unit:justice', '/v1/webhooks', {
      label: this.#mark('webhook'),
      url: 'https://hook.example.test/x',
    });
    const token = await this.#post('unit:justice', '/v1/tokens', {
      label: this.#mark('token'),
      scopes: ['read'],
      expiresAt: new Date(Date.now() + 300 * DAY).toISOString(),
    });
    Object.assign(this.#common, { calendars: calendar, people: person.id, grants: grant.id });
    Object.assign(this.#common, { webhooks: webhook.id, tokens: token.id, units: units.justice });
    const planned = await this.#post('administrator', '/v1/reorganisations', {
      ...{
        kind: 'split',
        effectiveOn: new Date(Date.now() + 300 * DAY).toISOString().slice(0, 10),
        document: { number: '8/NQ', date: '2026-01-01' },
      },
      ...{ reason: 'Chia tách', fromUnitIds: [units.justice], toUnitIds: [units.communeA, units.communeB] },
    });
    Object.assign(this.#common, { reorganisations: planned.id, operations: planned.id });
    await this.#deadLetter();
  }

  async #deadLetter(): Promise<void> {
    const id = uuidv7();
    await this.#api.engine.writer.query(
      `insert into envelope (id, working_group_id, channel, recipient_kind, address, locale, message_id, subject, body_text,
                             body_html, state, attempts, next_at, last_error, created_at)
       values ($1::uuid, $2, 'email', 'unit', 'gone@example.test', 'vi', $1::uuid::text, $3, '', '', 'dead', 10, now(), 'no such user', now())`,
      [id, this.#group.workingGroupId, this.#mark('dead letter')],
    );
    this.#common['dead-letters'] = id;
  }

  /** What follows once every deadline has passed: cases, causes, obstacles, files, reports, an import. */
  async goOn(): Promise<void> {
    const { units } = this.#group;
    for (const id of [this.#found.directive, this.#found.second])
      for (let more = true; more; ) ({ more } = await conductDirective(this.#api.engine, id, NEVER));
    await this.#acts();
    const theirs = `/v1/assignments/${this.#assignment(this.#found.directive, 'communeA')}`;
    const cause = { cause: 'data', objective: true, text: this.#mark('cause of another unit') };
    const file = await this.#file('unit:communeA', 'file of another unit');
    await this.#post('unit:communeA', `${theirs}/cause`, { ...cause, files: [file] });
    const rows = [{ title: this.#mark('import'), lead: 'Sở Tư pháp' }];
    this.#common.imports = (await this.#post('standing_agency', '/v1/imports', { rows })).id;
    const asked = await this.#post('standing_agency', '/v1/report-requests', {
      name: this.#mark('report'),
      deadline: 'within 5 days',
      unitIds: [units.justice, units.communeC],
    });
    await conductRegime(this.#api.engine, asked.id, NEVER);
  }

  async #acts(): Promise<void> {
    const { units } = this.#group;
    const at = `/v1/assignments/${this.#assignment(this.#found.directive, 'justice')}`;
    const lead = async (path: string, body: object) =>
      await this.#post('unit:justice', `${at}/${path}`, body);
    const file = await this.#file('unit:justice', 'file');
    await lead('progress', { text: this.#mark('progress'), files: [file] });
    const ofCause = await this.#file('unit:justice', 'file of a cause');
    await lead('cause', { cause: 'data', objective: true, text: this.#mark('cause'), files: [ofCause] });
    const obstacle = { cause: 'data', holderUnitId: units.office, text: this.#mark('obstacle') };
    await lead('obstacles', obstacle);
    await lead('extensions', { deadline: 'within 10 days', reason: this.#mark('extension') });
    const asked = { unitId: units.health, deadline: 'within 10 days', text: this.#mark('contribution') };
    await lead('contributions', asked);
    const explain = { deadline: 'within 10 days', text: this.#mark('explanation') };
    await this.#post('standing_agency', `${at}/explanation-requests`, explain);
    const evidence = [await this.#file('unit:justice', 'file of an objection')];
    const own = await this.#case('justice', this.#found.directive);
    const text = this.#mark('objection');
    await this.#post('unit:justice', `/v1/referrals/${own}/objection`, { text, evidence });
  }

  /** After the window: one case goes to Home Affairs, the other waits for the decision on its objection. */
  async refer(): Promise<void> {
    const id = await this.#case('justice', this.#found.second);
    // No case goes while an edit of a calendar waits.
    while (await workOnEdits(this.#api.engine));
    await conductReferral(this.#api.engine, id, NEVER);
    const document = { number: '9/CV', date: '2026-02-10', signer: 'Trần B' };
    const released = await this.#post('standing_agency', `/v1/referrals/${id}/release`, { document });
    if (released.state !== 'referred') throw new Error(`The case is ${released.state}`);
  }

  async world(): Promise<GroupWorld> {
    const { directive, second, draft } = this.#found;
    const around = async (id: string, unit: FixtureUnit) => await this.#around(id, unit);
    const lead = await around(directive, 'justice');
    const others = await around(directive, 'communeA');
    const ownCause = await around(directive, 'agency');
    const referred = await around(second, 'justice');
    const objects: [string, Objects][] = [
      ['', lead],
      [' of another unit', others],
      [' of the agency', ownCause],
      [' that is referred', referred],
    ];
    for (const [whose, { assignments = '', referrals = '' }] of objects) {
      this.#secrets.push({ what: `assignment${whose}`, text: assignments });
      this.#secrets.push({ what: `case${whose}`, text: referrals });
    }
    return {
      group: this.#group,
      lead: { ...lead, drafts: draft },
      ...{ others, ownCause, referred, secrets: this.#secrets, tokens: await this.#callers() },
    };
  }

  #assignment(directive: string, unit: FixtureUnit): string {
    const id = this.#of.get(`${directive} ${this.#group.units[unit]}`);
    if (id === undefined) throw new Error(`No assignment of ${unit}`);
    return id;
  }

  async #case(unit: FixtureUnit, directive: string): Promise<string> {
    const { rows } = await this.#api.engine.writer.query<{ id: string }>(
      'select id from referral where assignment_id = $1',
      [this.#assignment(directive, unit)],
    );
    const [found] = rows;
    if (found === undefined) throw new Error(`No case of ${unit}`);
    return found.id;
  }

  async #file(who: FixturePerson, what: string): Promise<string> {
    const body = new FormData();
    const name = this.#mark(what);
    body.append('file', new Blob([`%PDF-1.7\n${name}\n%%EOF\n`]), `${name}.pdf`);
    const { id } = await this.#post(who, '/v1/files', body);
    this.#files.set(what, id);
    return id;
  }

  /** The objects that hang on one assignment; what it has none of is left out. */
  async #around(directive: string, unit: FixtureUnit): Promise<Objects> {
    const id = this.#assignment(directive, unit);
    const unitId = this.#group.units[unit];
    const db = this.#api.engine.writer;
    const matters = await db.query<{ kind: string; id: string }>(
      'select kind, id from matter where assignment_id = $1',
      [id],
    );
    const nouns: Record<string, string> = {
      extension: 'extensions',
      obstacle: 'obstacles',
      cause: 'causes',
      contribution: 'contributions',
      explanation: 'explanation-requests',
    };
    const steps = await db.query<{ id: string }>(
      "select id from step_taken where assignment_id = $1 and kind = 'urge' order by id limit 1",
      [id],
    );
    const told = await db.query<{ id: string }>(
      `select m.id from message m join item i on i.id = m.item_id
        where m.role = 'unit' and m.unit_id = $1 and m.person_id is null and i.assignment_id = $2 order by m.id limit 1`,
      [unitId, id],
    );
    const owed = await db.query<{ id: string; regime_id: string }>(
      'select id, regime_id from report_obligation where unit_id = $1',
      [unitId],
    );
    const task = await db.query<{ task_id: string }>('select task_id from assignment where id = $1', [id]);
    const file = this.#files.get(unit === 'communeA' ? 'file of another unit' : 'file');
    return {
      ...this.#common,
      directives: directive,
      assignments: id,
      tasks: task.rows[0]?.task_id ?? '',
      referrals: await this.#case(unit, directive),
      policies: this.#group.policy.id,
      ...(file === undefined ? {} : { files: file }),
      ...Object.fromEntries(matters.rows.map((row) => [nouns[row.kind] ?? row.kind, row.id])),
      ...Object.fromEntries(steps.rows.map((row) => ['escalations', row.id])),
      ...Object.fromEntries(told.rows.map((row) => ['messages', row.id])),
      ...Object.fromEntries(owed.rows.map((row) => ['reports', row.id])),
      ...Object.fromEntries(owed.rows.map((row) => ['reporting-regimes', row.regime_id])),
    };
  }

  async #callers(): Promise<GroupWorld['tokens']> {
    const { units } = this.#group;
    const now = Date.now();
    const deputyOf = this.#group.signIn('supervisor').actor.personId;
    const justice = { role: 'unit', unitId: units.justice } as const;
    const deputy = { role: 'supervisor', unitId: null, deputyOf } as const;
    const expiresAt = new Date(now + 300 * DAY).toISOString();
    const gone = await this.#post('unit:justice', '/v1/tokens', { label: 'x', scopes: ['read'], expiresAt });
    await this.#post('unit:justice', `/v1/tokens/${gone.id}/revoke`);
    return {
      office: await this.#caller({ ...justice, office: true }),
      deputy: await this.#caller({ ...deputy, from: -DAY, to: 400 * DAY }),
      deputyLater: await this.#caller({ ...deputy, from: 300 * DAY, to: 400 * DAY }),
      expired: await this.#caller({ ...justice, from: -900 * DAY, to: -800 * DAY }),
      revoked: gone.secret,
    };
  }

  async #caller(grant: {
    readonly role: Role;
    readonly unitId: string | null;
    readonly deputyOf?: string;
    readonly office?: boolean;
    /** Milliseconds from now. */
    readonly from?: number;
    readonly to?: number;
  }): Promise<string> {
    const db = this.#api.engine.writer;
    const [personId, id, token] = [uuidv7(), uuidv7(), newToken()];
    await insertPeople(db, [{ id: personId, name: 'Người giữ vai trò', email: null, locale: 'vi' }]);
    const { role, unitId } = grant;
    const { workingGroupId } = this.#group;
    await insertGrants(db, [{ id, personId, workingGroupId, role, unitId }]);
    await db.query(
      `update role_grant set office = $2, deputy_of = $3, valid_from = coalesce(now() + $4 * interval '1 millisecond', valid_from),
              valid_to = coalesce(now() + $5 * interval '1 millisecond', valid_to) where id = $1`,
      [id, grant.office ?? false, grant.deputyOf ?? null, grant.from ?? null, grant.to ?? null],
    );
    await insertTokens(db, [
      {
        id: uuidv7(),
        personId,
        hash: tokenDigest(token),
        label: role,
        expiresAt: Number.POSITIVE_INFINITY,
      },
    ]);
    return token;
  }
}

/** What waits for an office's hours becomes letters and messages. */
async function tellEverybody(api: TestApi): Promise<void> {
  const { sealing } = pumpOptions({ pollMs: 1_000, batch: 100, messageDomain: 'dondoc.example' });
  const options = { ...sealing, settleMs: 0, writer: letters, messageDomain: 'dondoc.example' };
  while (await sealDueItems(api.engine, options));
}

/** The same world in each of these Working Groups. */
export async function buildWorlds(
  api: TestApi,
  groups: readonly WorkingGroupFixture[],
): Promise<GroupWorld[]> {
  const builders = groups.map((group) => new WorldBuilder(api, group));
  for (const each of builders) await each.begin();
  await moveClock(api.database, 30 * DAY);
  for (const each of builders) await each.goOn();
  await moveClock(api.database, 3 * DAY);
  for (const each of builders) await each.refer();
  await tellEverybody(api);
  return await Promise.all(builders.map(async (each) => await each.world()));
}
