import { z } from 'zod';
import { Assignment } from '../src/contracts/assignment-resource.js';
import { Referral } from '../src/contracts/cases.js';
import { Escalation } from '../src/contracts/escalations.js';
import { Policy, WorkingGroup } from '../src/contracts/units.js';
import type { Player } from './cast.js';
import { type AssignmentView, readAssignment } from './directives.js';
import { ofRow, type Plot } from './issuing.js';
import { localTime } from './local-time.js';
import { expectThat } from './narrator.js';
import type { Stage } from './stage.js';

type ReferralView = z.output<typeof Referral>;
export type EscalationView = z.output<typeof Escalation>;

/** One unit stays silent: reminded, urged, escalated, referred; it objects in vain; Home Affairs takes the case. */
export async function playSilence(stage: Stage, plot: Plot): Promise<string> {
  const silent = ofRow(plot, '5');
  stage.narrator.chapter('Một đơn vị im lặng', 'One unit stays silent');
  await climbLadder(stage, silent);
  const proposed = await propose(stage, silent);
  await object(stage, proposed);
  await refer(stage, proposed);
  return proposed.id;
}

/** The rungs are the policy's, whatever it says: each is waited for, and each is taken once. */
async function climbLadder(stage: Stage, silent: AssignmentView): Promise<void> {
  const { narrator, agency, supervisor } = stage;
  const rungs = await narrator.step(
    'the ladder of the policy is read',
    async () => await ladderOf(agency),
    (ladder) => [
      `${silent.unit.name} has not even acknowledged. The ladder of the policy:`,
      ...ladder.map(
        ({ step, when, offset, to }) =>
          `${step}: ${offset.value} ${offset.unit} ${when} the deadline, to ${to.join(', ')}`,
      ),
    ],
  );
  for (const { step, kind } of rungs) {
    await narrator.step(
      `${silent.unit.name}: ${step}`,
      async () =>
        await narrator.until(`step ${step} is taken`, async () => {
          const taken = (await escalationsOf(supervisor, silent.id)).filter((one) => one.step === step);
          expectThat(taken.length <= 1, `the step was taken ${taken.length} times`);
          return taken[0] ?? null;
        }),
      (taken) =>
        `${kind} (${step}): planned ${localTime(taken.plannedAt)}, taken ${localTime(taken.takenAt)}, to ${taken.recipients.join(', ')}`,
    );
    if (kind === 'urge') await telephone(stage, silent);
  }
}

async function telephone(stage: Stage, silent: AssignmentView): Promise<void> {
  const { narrator, agency } = stage;
  await narrator.step(
    'an urging by telephone is recorded',
    async () => {
      const body = { channel: 'telephone', text: 'Đã điện thoại cho Chánh Văn phòng, không có người nhận' };
      await agency.api.post(`/v1/assignments/${silent.id}/urgings`, body, Assignment);
    },
    () => `${agency.name} also urges by telephone, and records it`,
  );
}

async function propose(stage: Stage, silent: AssignmentView): Promise<ReferralView> {
  const { narrator, agency } = stage;
  return await narrator.step(
    'the case is proposed',
    async () => {
      const proposed = await narrator.until('a case for Home Affairs is proposed', async () => {
        const cases = await agency.api.all(`/v1/referrals?assignment=${silent.id}`, Referral);
        expectThat(cases.length <= 1, `${cases.length} cases were opened`);
        return cases[0] ?? null;
      });
      expectThat(proposed.facts.late, 'the facts of the case do not say that it is late');
      expectThat(proposed.referredAt === null, 'the case went out before the unit could object');
      const hidden = await stage.homeAffairs.api.all('/v1/referrals', Referral);
      expectThat(
        !hidden.some(({ id }) => id === proposed.id),
        'Home Affairs sees a case that was not referred yet',
      );
      return proposed;
    },
    ({ facts, window }) => [
      `a case is proposed: late by ${facts.about === 'assignment' ? Math.round(facts.lateByMs / 1000) : 0} s of working time, facts frozen (SHA-256 ${facts.digest.slice(0, 12)}…)`,
      `the unit may object until ${localTime(window.endsAt)}; Home Affairs does not see the case yet`,
    ],
  );
}

async function object(stage: Stage, { id, unit }: ReferralView): Promise<void> {
  const { narrator, agency, supervisor, cast } = stage;
  const player = cast.ofUnit(unit.id);
  expectThat(player !== null, `nobody signs in for ${unit.name}`);
  const act = async (by: Player, path: string, body: object): Promise<ReferralView> =>
    await by.api.post(`/v1/referrals/${id}/${path}`, body, Referral);
  await narrator.step(
    `${unit.name} objects`,
    async () => {
      const text = 'Khối lượng sổ lớn, đơn vị đề nghị xem xét';
      const after = await act(player, 'objection', { text });
      expectThat(after.state === 'objected', `the case is ${after.state}`);
    },
    () => `${player.name} objects for ${unit.name}: too many registers for the time given`,
  );
  await narrator.step(
    'the standing agency gives its opinion',
    async () => {
      const after = await act(agency, 'opinion', {
        text: 'Đơn vị không xin gia hạn, không báo cáo vướng mắc',
      });
      expectThat(after.opinionGiven, 'the opinion was not recorded');
    },
    () => `${agency.name}: the unit neither asked for more time nor raised an obstacle`,
  );
  await narrator.step(
    'the objection is rejected',
    async () => {
      const body = { decision: 'reject', text: 'Không có lý do khách quan' };
      const after = await act(supervisor, 'decision', body);
      expectThat(['rejected', 'referred'].includes(after.state), `the case is ${after.state}`);
    },
    () => `${supervisor.name} rejects the objection`,
  );
}

async function refer(stage: Stage, { id }: ReferralView): Promise<void> {
  const { narrator, homeAffairs } = stage;
  const act = async (path: string, body: object): Promise<ReferralView> =>
    await homeAffairs.api.post(`/v1/referrals/${id}/${path}`, body, Referral);
  await narrator.step(
    'the case goes to Home Affairs',
    async () =>
      await narrator.until('Home Affairs has the case', async () => {
        const cases = await homeAffairs.api.all('/v1/referrals', Referral);
        return cases.find((one) => one.id === id && one.referredAt !== null) ?? null;
      }),
    ({ referredAt }) => `the facts still hold, so the case goes to Home Affairs at ${localTime(referredAt)}`,
  );
  await narrator.step(
    'Home Affairs acknowledges',
    async () => {
      const after = await act('acknowledge', { note: 'Đã nhận hồ sơ' });
      expectThat(after.state === 'acknowledged', `the case is ${after.state}`);
    },
    () => `${homeAffairs.name} acknowledges the case`,
  );
  await narrator.step(
    'Home Affairs records the outcome',
    async () => {
      const after = await act('outcome', { outcome: 'Ghi nhận vào hồ sơ đánh giá cuối năm' });
      expectThat(after.state === 'outcome_recorded', `the case is ${after.state}`);
    },
    () => 'outcome recorded: noted in the file of the year-end evaluation',
  );
}

/** The silent unit wakes up at last: submitted late, confirmed, and it counts as done late. */
export async function endSilence(stage: Stage, plot: Plot): Promise<void> {
  const { narrator, agency, cast } = stage;
  const silent = ofRow(plot, '5');
  const player = cast.ofUnit(silent.unit.id);
  expectThat(player !== null, `nobody signs in for ${silent.unit.name}`);
  await narrator.step(
    `${silent.unit.name} submits at last`,
    async () => {
      const body = { text: 'Đã số hóa xong', evidence: ['https://example.vn/dat-dai'] };
      const after = await player.api.post(`/v1/assignments/${silent.id}/submit`, body, Assignment);
      expectThat(after.submission?.late === true, 'the submission does not count as late');
    },
    () => `${player.name} submits for ${silent.unit.name}: late`,
  );
  await narrator.step(
    'the late result is confirmed',
    async () => {
      await agency.api.post(`/v1/assignments/${silent.id}/confirm`, {}, Assignment);
      const after = await readAssignment(agency.api, silent.id);
      expectThat(after.countClass === 'done_late', `it counts as ${after.countClass}`);
    },
    () => `${agency.name} confirms it: done, late`,
  );
}

async function escalationsOf(player: Player, assignmentId: string): Promise<EscalationView[]> {
  const found = await player.api.all(`/v1/escalations?assignment=${assignmentId}`, Escalation);
  return found.filter(({ subject }) => subject.kind === 'assignment');
}

const Ladder = z.object({
  ladder: z.array(
    z.object({
      step: z.string(),
      kind: z.string(),
      when: z.enum(['before', 'after']),
      offset: z.object({ value: z.number(), unit: z.string() }),
      to: z.array(z.string()),
    }),
  ),
});

async function ladderOf(player: Player): Promise<z.output<typeof Ladder>['ladder']> {
  const { policyId } = await player.api.get('/v1/working-group', WorkingGroup);
  const { items } = await player.api.get('/v1/policies', z.object({ items: z.array(Policy) }));
  const policy = items.find(({ id }) => id === policyId);
  return Ladder.parse(policy?.body).ladder;
}
