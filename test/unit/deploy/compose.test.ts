import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CONFIG_KEYS, parseConfig, SECRET_KEYS } from '../../../src/config.js';
import { ROOT } from '../architecture/seeded-tree.js';
import { filesBelow, textOf } from '../architecture/source-files.js';
import { compose, type Service, variables } from './compose-file.js';

const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image.startsWith('dondoc:'));
const jobs = services.filter(([, { restart }]) => restart?.startsWith('on-failure'));
const manifest = JSON.parse(textOf('package.json')) as { version: string; engines: { node: string } };

const folder = mkdtempSync(join(tmpdir(), 'dondoc-deploy-'));
const secretsFolder = join(folder, 'secrets');
const makeSecrets = () => execFileSync('sh', [join(folder, 'make-secrets.sh')]);

beforeAll(() => {
  cpSync(join(ROOT, 'deploy', 'make-secrets.sh'), join(folder, 'make-secrets.sh'));
  makeSecrets();
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function service(name: string): Service {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

describe('docker-compose.yml', () => {
  test('runs PostgreSQL, Temporal on it, migrations, API and worker, and a mailbox and pages only for developers', () => {
    expect(services.map(([name]) => name).sort()).toEqual(
      [
        ...['api', 'mailpit', 'migrate', 'postgres', 'temporal', 'temporal-namespace'],
        ...['temporal-schema', 'temporal-ui', 'worker'],
      ].sort(),
    );
    expect(services.filter(([, { profiles }]) => profiles !== undefined).map(([name]) => name)).toEqual([
      'temporal-ui',
      'mailpit',
    ]);
  });

  test('names every image in one exact version, and the Temporal server and its tools in the same', () => {
    const images = services.map(([, { image }]) => image);
    expect(images.filter((image) => !/:v?\d+([.]\d+){1,2}(-[a-z]+)?$/.test(image))).toEqual([]);
    expect(service('temporal').image).toBe('temporalio/server:1.32.0');
    expect(service('temporal-schema').image).toBe('temporalio/admin-tools:1.32.0');
    expect(service('temporal-namespace').image).toBe('temporalio/admin-tools:1.32.0');
    expect(service('temporal-ui').image).toBe('temporalio/ui:2.54.1');
    expect(service('postgres').image).toMatch(/^postgres:18[.]/);
    expect(ours.map(([, { image }]) => image)).toEqual(ours.map(() => `dondoc:${manifest.version}`));
  });

  test('keeps the data of PostgreSQL 18 where that image writes it', () => {
    expect(service('postgres').volumes).toContain('postgres:/var/lib/postgresql');
  });

  test('publishes on this machine only', () => {
    const published = services.flatMap(([, { ports }]) => ports ?? []);
    expect(published).toEqual(['127.0.0.1:8080:8080', '127.0.0.1:3000:3000', '127.0.0.1:8025:8025']);
    expect(service('postgres').networks).toEqual(['data']);
    expect(service('temporal').networks).toEqual(['data']);
    expect(compose.networks.data).toEqual({ internal: true });
  });

  test.each(services)('lets %s have neither privileges nor a fixed name', (_name, it) => {
    expect(it.cap_drop).toEqual(['ALL']);
    expect(it.security_opt).toEqual(['no-new-privileges:true']);
    expect(it.container_name).toBeUndefined();
    expect(it.read_only === true || it.profiles?.includes('dev')).toBe(true);
  });

  test('waits for what must be healthy or done, and never for Temporal before commands are accepted', () => {
    const order = services.map(([name, { depends_on: on }]) => [
      name,
      Object.entries(on ?? {}).map(([other, { condition }]) => `${other} ${condition}`),
    ]);
    expect(Object.fromEntries(order)).toEqual({
      postgres: [],
      'temporal-schema': ['postgres service_healthy'],
      temporal: ['temporal-schema service_completed_successfully'],
      'temporal-namespace': ['temporal service_healthy'],
      'temporal-ui': ['temporal service_healthy'],
      migrate: ['postgres service_healthy'],
      api: ['migrate service_completed_successfully'],
      worker: ['migrate service_completed_successfully'],
      mailpit: [],
    });
  });

  test('checks the health of everything that runs on and that others or operators wait for', () => {
    const running = services.filter(
      ([name]) => !jobs.some(([job]) => job === name) && name !== 'temporal-ui',
    );
    expect(running.filter(([, { healthcheck }]) => healthcheck === undefined)).toEqual([]);
    expect(jobs.map(([name]) => name)).toEqual(['temporal-schema', 'temporal-namespace', 'migrate']);
  });
});

describe('the services of Dondoc', () => {
  const secrets: readonly string[] = SECRET_KEYS;

  test.each(ours)('%s is given only settings that exist', (_name, { environment = {} }) => {
    const known = new Set([...CONFIG_KEYS, ...secrets.map((key) => `${key}_FILE`)]);
    expect(Object.keys(environment).filter((key) => !known.has(key))).toEqual([]);
  });

  test.each(ours)('%s is given a configuration that parses in production', (_name, { environment = {} }) => {
    const config = parseConfig(environment, secretAt);
    expect(config.nodeEnv).toBe('production');
    expect(config.temporalAddress).toBe('temporal:7233');
    expect(config.databaseWriterUrl).toContain('dondoc_writer');
  });

  test.each(ours)('%s reads every secret from a file that is mounted, and none from a value', (_name, it) => {
    const entries = Object.entries(it.environment ?? {});
    expect(entries.filter(([key]) => secrets.includes(key))).toEqual([]);
    const files = entries.filter(([key]) => key.endsWith('_FILE')).map(([, path]) => path);
    expect(files.filter((path) => !it.secrets?.includes(path.replace('/run/secrets/', '')))).toEqual([]);
  });

  test('only the migrations sign in as the owner of the database', () => {
    const owners = services.filter(([, it]) => it.secrets?.includes('database_owner_url'));
    expect(owners.map(([name]) => name)).toEqual(['migrate']);
  });

  test('publish and check the ports they are told to listen on', () => {
    const api = parseConfig(service('api').environment ?? {}, secretAt);
    const worker = parseConfig(service('worker').environment ?? {}, secretAt);
    expect(service('api').ports?.[0]).toMatch(new RegExp(`:${api.httpPort}$`));
    expect(service('api').healthcheck?.test.at(-1)).toBe(String(api.adminPort));
    expect(service('worker').healthcheck?.test.at(-1)).toBe(String(worker.workerAdminPort));
  });

  test.each(ours)('%s has more time to stop than it takes', (_name, it) => {
    const { shutdownGraceMs } = parseConfig(it.environment ?? {}, secretAt);
    expect(Number.parseInt(it.stop_grace_period ?? '0', 10) * 1000).toBeGreaterThan(shutdownGraceMs);
  });
});

describe('the files beside it', () => {
  test('make every secret that is mounted, once and for the containers to read, and keep it out of git and image', () => {
    expect(readdirSync(secretsFolder).sort()).toEqual(Object.keys(compose.secrets).sort());
    const before = secretAt('/run/secrets/anchor_key');
    makeSecrets();
    expect(secretAt('/run/secrets/anchor_key')).toBe(before);
    const modes = readdirSync(secretsFolder).map((name) => statSync(join(secretsFolder, name)).mode & 0o777);
    expect([...new Set(modes)]).toEqual([0o444]);
    expect(statSync(secretsFolder).mode & 0o777).toBe(0o700);
    expect(textOf('.gitignore')).toContain('deploy/secrets/');
    expect(textOf('.dockerignore')).toContain('deploy/secrets');
  });

  test('name every variable of the file with its default', () => {
    const example = [...textOf('deploy/.env.example').matchAll(/^# ([A-Z_]+)=(.*)$/gm)];
    expect(Object.fromEntries(example.map(([, name, value]) => [name, value]))).toEqual(
      Object.fromEntries(variables),
    );
  });

  test('that it mounts are there', () => {
    const mounted = services
      .flatMap(([, { volumes }]) => volumes ?? [])
      .map((volume) => volume.split(':')[0] ?? '')
      .filter((source) => source.startsWith('./'));
    expect(mounted.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('the image', () => {
  const dockerfile = textOf('Dockerfile');
  const stages = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image ?? '');

  test('is built and run on the same glibc base, of a Node that the package allows', () => {
    expect(stages).toEqual(['node:24-bookworm-slim', 'node:24-bookworm-slim']);
    expect(manifest.engines.node).toBe('>=20.19');
    expect(stages.join()).not.toContain('alpine');
  });

  test('does not run as root, and starts Node directly so that signals reach it', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^ENTRYPOINT \["node"/m);
    expect(dockerfile.indexOf('USER node')).toBeLessThan(dockerfile.indexOf('ENTRYPOINT'));
  });

  test('has the ports of the configuration', () => {
    const { httpPort, adminPort, workerAdminPort } = parseConfig({ DATABASE_URL: 'postgres://h/d' });
    expect(dockerfile).toContain(`EXPOSE ${httpPort} ${adminPort} ${workerAdminPort}\n`);
  });

  test('is given every file it copies, and whatever the code reads beside its modules', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, list]) =>
      (list ?? '').split(' '),
    );
    expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    const lastStage = dockerfile.slice(dockerfile.lastIndexOf('FROM '));
    const assets = filesBelow(['src', 'activities', 'workflows'], (path) => !/[.](ts|md)$/.test(path))
      // The checked-in dump is for people and tests; no process reads it.
      .filter((path) => path !== 'src/db/schema.sql');
    const present = [...lastStage.matchAll(/^COPY (src\S+) /gm)].map(([, path]) => path ?? '');
    expect(assets.filter((path) => !present.some((folder) => path.startsWith(folder)))).toEqual([]);
  });

  test('starts programs that exist once they are compiled', () => {
    const commands = [...ours.map(([, { command }]) => command?.[0] ?? ''), 'dist/src/api.js'];
    const sources = commands.map((path) => path.replace('dist/', '').replace(/[.]js$/, '.ts'));
    expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

/** What stands in a secret file that deploy/make-secrets.sh made. */
function secretAt(path: string): string {
  return readFileSync(path.replace('/run/secrets', secretsFolder), 'utf8').trim();
}
