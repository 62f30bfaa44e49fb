import { z } from 'zod';
import { Referral } from '../src/contracts/cases.js';
import { CountsResource, DirectiveSummary } from '../src/contracts/counts.js';
import { Escalation } from '../src/contracts/escalations.js';
import { Unit } from '../src/contracts/units.js';
import type { Player } from './cast.js';
import { readDirective } from './directives.js';
import { ofRow, type Plot } from './issuing.js';
import { localTime } from './local-time.js';
import { expectThat } from './narrator.js';
import { type EscalationView, endSilence } from './silence.js';
import type { Stage } from './stage.js';

/** The directive closes by itself; the history, the mails and the figures are shown, and add up. */
export async function playClosing(stage: Stage, plot: Plot, referralId: string): Promise<void> {
  const { narrator, agency } = stage;
  narrator.chapter('Kết thúc', 'The end');
  await endSilence(stage, plot);
  await narrator.step(
    'the directive closes by itself',
    async () =>
      await narrator.until('the directive is closed', async () => {
        const directive = await readDirective(agency.api, plot.directiveId);
        return directive.state === 'closed' ? directive : null;
      }),
    ({ number }) => `every assignment has ended, so ${number ?? ''} is closed: nobody had to remember it`,
  );
  const steps = await history(stage, plot, referralId);
  await mails(stage, plot, steps);
  await figures(stage, plot);
}

async function history(stage: Stage, plot: Plot, referralId: string): Promise<EscalationView[]> {
  const { narrator, supervisor } = stage;
  return await narrator.step(
    'the escalation history holds each step once',
    async () => {
      const steps = await supervisor.api.all(`/v1/escalations?directive=${plot.directiveId}`, Escalation);
      const keys = steps.map(({ subject, step, cycle }) => `${subject.id} ${step} ${cycle}`);
      expectThat(new Set(keys).size === keys.length, 'a step stands in the history twice');
      const referral = await supervisor.api.get(`/v1/referrals/${referralId}`, Referral);
      expectThat(referral.state === 'outcome_recorded', `the case is ${referral.state}`);
      return steps.toReversed();
    },
    (steps) => [
      `Lịch sử đôn đốc · the escalation history: ${steps.length} steps, each taken once`,
      ...steps.map(
        ({ takenAt, unit, kind, step, policyText }) =>
          `${localTime(takenAt)}  ${unit?.name ?? '-'}: ${kind === 'clock' ? step.replace(/:.*/, '') : kind} (${policyText})`,
      ),
    ],
  );
}

const Mails = z.array(
  z.object({
    messageId: z.string().nullable(),
    to: z.array(z.string()),
    subject: z.string(),
    text: z.string(),
    receivedAt: z.string(),
  }),
);

type Mail = z.output<typeof Mails>[number];

/** Every message of a step is on its way no more, or overtaken by a higher one; none came twice. */
async function mails(stage: Stage, plot: Plot, steps: readonly EscalationView[]): Promise<void> {
  const { narrator, instance, supervisor, homeAffairs } = stage;
  const { mailbox } = instance;
  if (mailbox === null) {
    narrator.say('the mails went to another server than the mailbox of the instance');
    return;
  }
  const silent = ofRow(plot, '5');
  await narrator.step(
    'every message was sent, each once',
    async () => {
      await narrator.until(
        'no message of a step is left waiting',
        async () => await allSent(supervisor, plot),
      );
      for (const player of [supervisor, homeAffairs]) {
        const addresses = await addressesOf(player);
        await narrator.until(`a mail to ${addresses.join(' or ')}`, async () => {
          const caught = await caughtMails(mailbox, stage.number);
          return caught.find(({ to }) => to.some((address) => addresses.includes(address))) ?? null;
        });
      }
      const caught = await caughtMails(mailbox, stage.number);
      const ids = caught.map(({ messageId }) => messageId);
      expectThat(new Set(ids).size === ids.length, 'a mail came twice');
      return caught;
    },
    (caught) => [
      `Hộp thư · the mailbox holds ${caught.length} mails about this directive, each once; about the silent unit:`,
      ...caught
        .filter(({ text }) => text.includes(silent.task.title))
        .map(({ to, subject }) => `${to.join(', ')}: ${subject.replace(/ – .*/, '')}`),
      `the other ${caught.filter(({ text }) => !text.includes(silent.task.title)).length} at ${mailbox}; ${steps.length} steps in all`,
    ],
  );
}

/** Null while something is under way. */
async function allSent(player: Player, plot: Plot): Promise<true | null> {
  const now = await player.api.all(`/v1/escalations?directive=${plot.directiveId}`, Escalation);
  const deliveries = now.flatMap((step) => step.deliveries);
  const lost = deliveries.find(({ state }) => state === 'dead' || state === 'undeliverable');
  expectThat(
    lost === undefined,
    `a message to ${lost?.recipient ?? ''} is ${lost?.state ?? ''}: ${lost?.note ?? ''}`,
  );
  return deliveries.some(({ state }) => state === 'waiting' || state === 'ready') ? null : true;
}

async function addressesOf({ api, email, unit }: Player): Promise<string[]> {
  const office = unit === null ? null : (await api.get(`/v1/units/${unit.id}`, Unit)).email;
  return [email, office].filter((address) => address !== null);
}

async function caughtMails(mailbox: string, number: string): Promise<Mail[]> {
  const page = await fetch(`${mailbox}/api/messages`);
  return Mails.parse(await page.json()).filter(({ text }) => text.includes(number));
}

async function figures(stage: Stage, plot: Plot): Promise<void> {
  const { narrator, supervisor } = stage;
  await narrator.step(
    'the figures add up',
    async () => {
      const { total, groups } = await supervisor.api.get(
        `/v1/counts?directive=${plot.directiveId}&groupBy=unit`,
        CountsResource,
      );
      const {
        doneOnTime,
        doneLate,
        openInTime,
        openOverdue,
        regular,
        suspended,
        stopped,
        carriedOver,
        unclear,
      } = total;
      const sum =
        doneOnTime +
        doneLate +
        openInTime +
        openOverdue +
        regular +
        suspended +
        stopped +
        carriedOver +
        unclear;
      const ofUnits = groups.reduce((all, { counts }) => all + counts.total, 0);
      expectThat(sum === total.total, `the classes add up to ${sum}, the total is ${total.total}`);
      expectThat(ofUnits === total.total, `the units add up to ${ofUnits}, the total is ${total.total}`);
      expectThat(
        total.total === plot.assignments.length,
        `${total.total} counted, ${plot.assignments.length} issued`,
      );
      expectThat(
        doneLate === 1 && doneOnTime === total.total - 1,
        `${doneOnTime} on time and ${doneLate} late`,
      );
      const summary = await supervisor.api.get(
        `/v1/directives/${plot.directiveId}/summary`,
        DirectiveSummary,
      );
      expectThat(summary.assignments.total === total.total, 'the summary counts otherwise');
      return total;
    },
    ({ total, doneOnTime, doneLate, openInTime, openOverdue }) =>
      `Số liệu · ${doneOnTime} on time + ${doneLate} late + ${openInTime + openOverdue} open = ${total}`,
  );
}
