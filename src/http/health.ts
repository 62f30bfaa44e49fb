/** One part that the API stands on or works with. */
export interface Component {
  readonly state: 'up' | 'down';
  readonly detail: string;
}

export interface HealthReport {
  /** `degraded`: commands and reads work; what is down will catch up by itself. */
  readonly status: 'ready' | 'degraded' | 'unavailable' | 'draining';
  readonly components: Readonly<Record<string, Component>>;
}

/** Says what it found; throws, or takes too long, where its part is down. */
export type Check = () => Promise<string>;

export interface Health {
  /** Told once, when the process is to end: from now on it is not ready. */
  drain(): void;
  readonly draining: boolean;
  report(): Promise<HealthReport>;
  /** Whether the database answers at this moment. */
  databaseUp(): Promise<boolean>;
}

/** Probes come often and from several sides: they share a report for this long. */
const KEPT_MS = 1_000;
const CHECK_TIMEOUT_MS = 2_000;
const DATABASE_TIMEOUT_MS = 700;

/**
 * What the process stands on. Without the database nothing works; without Temporal or mail everything works
 * on and is caught up later, so they only degrade it.
 */
export function createHealth(checks: {
  readonly database: Check;
  readonly others: Readonly<Record<string, Check>>;
}): Health {
  let draining = false;
  let kept: { readonly report: Promise<HealthReport>; readonly until: number } | null = null;
  return {
    drain: () => {
      draining = true;
    },
    get draining() {
      return draining;
    },
    report: async () => {
      const now = performance.now();
      if (kept === null || kept.until <= now) kept = { report: inspect(checks), until: now + KEPT_MS };
      const report = await kept.report;
      return draining ? { ...report, status: 'draining' } : report;
    },
    databaseUp: async () => (await probe(checks.database, DATABASE_TIMEOUT_MS)).state === 'up',
  };
}

async function inspect(checks: {
  readonly database: Check;
  readonly others: Readonly<Record<string, Check>>;
}): Promise<HealthReport> {
  const named: [string, Check][] = [['database', checks.database], ...Object.entries(checks.others)];
  const components = Object.fromEntries(
    await Promise.all(
      named.map(async ([name, check]) => [name, await probe(check, CHECK_TIMEOUT_MS)] as const),
    ),
  );
  if (components.database?.state !== 'up') return { status: 'unavailable', components };
  const allUp = Object.values(components).every((component) => component.state === 'up');
  return { status: allUp ? 'ready' : 'degraded', components };
}

/** Details are for operators and may be seen by anybody who reaches the port: no addresses, no messages of drivers. */
async function probe(check: Check, timeoutMs: number): Promise<Component> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Component>((resolve) => {
    timer = setTimeout(
      () => resolve({ state: 'down', detail: `no answer within ${timeoutMs} ms` }),
      timeoutMs,
    );
  });
  const answer = check().then(
    (detail): Component => ({ state: 'up', detail }),
    (error: unknown): Component => ({ state: 'down', detail: reasonOf(error) }),
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof HealthError) return error.message;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^\w+$/.test(code) ? code : 'not reachable';
}

/** A finding whose words may be shown. */
export class HealthError extends Error {
  override readonly name = 'HealthError';
}

/**
 * Waits for work, but not on a database that has gone silent: every few seconds it asks whether the database
 * still answers, and gives up when not. A dead server refuses at once; this is for one that hangs. Where the
 * caller has hung up nobody waits any more, and nothing is asked.
 */
export async function whileDatabaseAnswers<T>(
  work: Promise<T>,
  health: Health,
  options: { readonly onHangUp: (stop: () => void) => void; readonly gone: () => Error },
): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    let over = false;
    const ask = async (): Promise<void> => {
      // Asked twice: a database under load may miss one probe, and giving up leaves the outcome unknown.
      const up = (await health.databaseUp()) || (await health.databaseUp());
      if (over) return;
      if (up) timer = setTimeout(() => void ask(), PATIENCE_MS);
      else reject(options.gone());
    };
    let timer = setTimeout(() => void ask(), PATIENCE_MS);
    const end = (): void => {
      over = true;
      clearTimeout(timer);
    };
    options.onHangUp(end);
    work.then(resolve, reject).finally(end);
  });
}

/** With the time of two probes this stays below the five seconds within which a caller is to hear of it. */
const PATIENCE_MS = 3_400;
