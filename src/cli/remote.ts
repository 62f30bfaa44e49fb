import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { FAULTS_FOUND, JSON_OPTION, type Output, reasonOf, Stop, say } from './frame.js';

interface Remote extends Output {
  readonly url: string;
  readonly token?: string;
  readonly lang: 'vi' | 'en';
}

interface ImportOptions extends Remote {
  readonly number?: string;
  readonly title?: string;
  readonly documentDate?: string;
  readonly choices?: string;
  readonly apply: boolean;
}

/** Commands for whoever has a token and no database: they ask the API like any other client. */
export function addRemoteCommands(dondoc: Command): void {
  remote(dondoc.command('import'))
    .description('read a plan and show what would become of it; with --apply make the draft, all or nothing')
    .argument('<file>', 'a plan: CSV, JSON, or what else the API reads')
    .option('--number <number>', 'the number of the document')
    .option('--title <title>', 'its title; default: what stands above the table')
    .option('--document-date <date>', 'its date, YYYY-MM-DD')
    .option('--choices <file>', 'answers as JSON, as POST /v1/imports takes them')
    .option('--apply', 'make the draft', false)
    .addHelpText(
      'after',
      '\nExit code 2 where rows have findings that block it.\n\nExample:\n  DONDOC_TOKEN=… dondoc import plan.csv --number 12/KH-TCT --document-date 2026-01-06 --apply',
    )
    .action(importPlan);
  remote(dondoc.command('issue'))
    .description('issue a draft; the gate answers with every row that is not clear')
    .argument('<directive>', 'the id of the draft')
    .addHelpText(
      'after',
      '\nExit code 2 where the gate refuses.\n\nExample:\n  DONDOC_TOKEN=… dondoc issue 0190a1b2-…',
    )
    .action(issue);
}

function remote(command: Command): Command {
  return command
    .addOption(
      new Option('--url <url>', 'the address of the API').env('DONDOC_URL').default('http://127.0.0.1:3000'),
    )
    .addOption(new Option('--token <token>', 'an API token; better in the environment').env('DONDOC_TOKEN'))
    .addOption(new Option('--lang <language>', 'of messages').choices(['vi', 'en']).default('en'))
    .option(...JSON_OPTION);
}

const Finding = z.object({ code: z.string(), message: z.string() });
const ImportAnswer = z.object({
  id: z.string(),
  directiveId: z.string().nullable(),
  preview: z.object({
    summary: z.object({ tasks: z.number(), ready: z.number(), blocked: z.number(), unclear: z.number() }),
    findings: z.array(Finding),
    rows: z.array(z.object({ line: z.number(), findings: z.array(Finding) })),
  }),
});
const DirectiveAnswer = z.object({
  id: z.string(),
  state: z.string(),
  counts: z.object({ planned: z.number() }),
});
const Problem = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});

async function importPlan(file: string, options: ImportOptions): Promise<void> {
  const body = new FormData();
  for (const [name, value] of [
    ['number', options.number],
    ['title', options.title],
    ['documentDate', options.documentDate],
    ['choices', options.choices === undefined ? undefined : await textOf(options.choices)],
  ] as const)
    if (value !== undefined) body.append(name, value);
  body.append('file', new Blob([new Uint8Array(await bytesOf(file))]), basename(file));
  const started = ImportAnswer.parse(await ask(options, '/v1/imports', body, randomUUID()));
  const { summary, rows, findings } = started.preview;
  const applied = options.apply
    ? ImportAnswer.parse(await ask(options, `/v1/imports/${started.id}/apply`, '{}', `apply-${started.id}`))
    : null;
  if (options.json) {
    say(
      JSON.stringify({
        import: started.id,
        directive: applied?.directiveId ?? null,
        summary,
        findings,
        rows,
      }),
    );
  } else {
    for (const { message } of findings) say(message);
    for (const row of rows) for (const { message } of row.findings) say(`line ${row.line}: ${message}`);
    const { tasks, ready, blocked, unclear } = summary;
    say(`${tasks} tasks: ${ready} ready, ${unclear} unclear, ${blocked} blocked.`);
    say(
      applied === null
        ? `Previewed as import ${started.id}; nothing was made.`
        : `Draft ${applied.directiveId ?? ''} was made.`,
    );
  }
  if (applied === null && summary.blocked > 0) process.exitCode = FAULTS_FOUND;
}

async function issue(directive: string, options: Remote): Promise<void> {
  // Of one draft there is one issue: asked again after an answer that was lost, it is the same.
  const key = `issue-${createHash('sha256').update(directive).digest('hex').slice(0, 32)}`;
  const path = `/v1/directives/${encodeURIComponent(directive)}/issue`;
  const {
    id,
    state,
    counts: { planned },
  } = DirectiveAnswer.parse(await ask(options, path, '{}', key));
  say(
    options.json
      ? JSON.stringify({ id, state, planned })
      : `${id} is ${state}: ${planned} assignments are being made.`,
  );
}

/** One command over HTTP. A refusal says every row that it names, and ends the program. */
async function ask(
  { url, token, lang, json }: Remote,
  path: string,
  body: FormData | string,
  key: string,
): Promise<unknown> {
  if (token === undefined) throw new Stop('A token is needed: set DONDOC_TOKEN (POST /v1/tokens makes one).');
  let answer: Response;
  try {
    answer = await fetch(new URL(path, url), {
      method: 'POST',
      body,
      headers: {
        authorization: `Bearer ${token}`,
        'accept-language': lang,
        'idempotency-key': key,
        ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
      },
    });
  } catch (error) {
    throw new Stop(`${url} does not answer (${causeOf(error)}). Is the API running, and --url right?`);
  }
  const text = await answer.text();
  const parsed: unknown = /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : null;
  if (answer.ok) return parsed;
  const problem = Problem.safeParse(parsed);
  if (!problem.success) throw new Stop(`${url}${path} answered ${answer.status}, and not as Dondoc does.`);
  const { code, title, detail, errors = [] } = problem.data;
  if (json) say(JSON.stringify({ refused: parsed }));
  const lines = errors.map((each) => `  ${each.pointer}: ${each.detail}`);
  throw new Stop(
    [`${detail ?? title} (${code})`, ...lines].join('\n'),
    answer.status === 422 ? FAULTS_FOUND : 1,
  );
}

const causeOf = (error: unknown): string =>
  error instanceof Error && error.cause !== undefined ? reasonOf(error.cause) : reasonOf(error);

async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new Stop(`${file} cannot be read: ${reasonOf(error)}`);
  }
}

const textOf = async (file: string): Promise<string> => (await bytesOf(file)).toString('utf8');
