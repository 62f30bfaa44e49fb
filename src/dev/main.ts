import { configOrExit, parseLauncherConfig } from '../config.js';
import { killAll, type LauncherOptions, runAll } from './launcher.js';
import { listenForStop } from './signals.js';

/** Runs the launcher as a process: configuration, signals, messages and the exit code. */
export async function main(
  options: Pick<LauncherOptions, 'programs' | 'prepareDatabase' | 'loadDemo'> = {},
): Promise<never> {
  const config = configOrExit(parseLauncherConfig);
  const begun = Date.now();
  const say = (line: string) => {
    const seconds = `[${((Date.now() - begun) / 1000).toFixed(1).padStart(5)} s]`;
    process.stdout.write(line.startsWith('\n') ? `${line}\n` : `${seconds} ${line}\n`);
  };
  // A terminal or a pipe that is gone must not keep the launcher from stopping what it started.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const stop = listenForStop({
    startedByNpm: config.environment.npm_lifecycle_event !== undefined,
    onSecond: () => {
      killAll(config.dataDir);
      process.exit(1);
    },
  });
  let code = 0;
  try {
    await runAll({ ...options, config, say, signal: stop.signal });
    say('stopped');
  } catch (error) {
    // Whatever a start under way says about being given up is no news to who gave it up.
    const asked = stop.signal.aborted && !(error instanceof AggregateError);
    if (asked) say('stopped before everything had started');
    else code = report(error);
  }
  stop.release();
  process.exit(code);
}

function report(error: unknown): number {
  const causes = error instanceof AggregateError ? [error].concat(error.errors) : [error];
  for (const cause of causes) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
    if (cause instanceof Error && cause.cause instanceof Error)
      process.stderr.write(`  ${cause.cause.message}\n`);
  }
  return 1;
}
