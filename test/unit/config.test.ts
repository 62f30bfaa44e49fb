import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ConfigError, describeConfig, ownerDatabaseUrl, parseConfig, SECRET_KEYS } from '../../src/config.js';

const DATABASE_URL = 'postgres://owner:pass@db.example:5432/dondoc';
const production = {
  NODE_ENV: 'production',
  DATABASE_WRITER_URL: 'postgres://writer:pass@db.example/dondoc',
  DATABASE_READER_URL: 'postgres://reader:pass@db.example/dondoc',
};

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the configuration', () => {
  test('needs one address and has a default for everything else', () => {
    const config = parseConfig({ DATABASE_URL });
    expect(config).toMatchObject({
      databaseUrl: DATABASE_URL,
      httpHost: '127.0.0.1',
      httpPort: 3000,
      publicUrl: 'http://127.0.0.1:3000',
      temporalNamespace: 'dondoc',
      testClock: false,
      stepBatch: 500,
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  test('reads an empty value as not given', () => {
    expect(parseConfig({ DATABASE_URL, HTTP_PORT: '', SMTP_URL: '' }).httpPort).toBe(3000);
  });

  test('takes the role of writer and reader when the connection starts', () => {
    const { databaseWriterUrl, databaseReaderUrl } = parseConfig({
      DATABASE_URL: 'postgres://own+er:p+a@h/d?options=-c%20statement_timeout%3D1000',
    });
    expect(databaseWriterUrl).toBe(
      'postgres://own+er:p+a@h/d?options=-c%20statement_timeout%3D1000%20-c%20role%3Ddondoc_writer',
    );
    expect(new URL(databaseReaderUrl).searchParams.get('options')).toContain('role=dondoc_reader');
  });

  test('does without the owner where writer and reader are given, until the schema is to change', () => {
    const config = parseConfig(production);
    expect(config.databaseUrl).toBeUndefined();
    expect(() => ownerDatabaseUrl(config)).toThrow('DATABASE_URL is needed');
  });

  test('reports every problem at once, by name, and never the value', () => {
    const problems = problemsOf({
      HTTP_PORT: '70000',
      SMTP_URL: 'http://user:hush@mail',
      TEST_CLOCK: 'maybe',
      TEMPORAL_ADDRESS: 'http://temporal:7233',
      STEP_BATCH: '0',
    });
    const names = problems.map((text) => text.split(':')[0]);
    expect(names.sort()).toEqual(['HTTP_PORT', 'SMTP_URL', 'STEP_BATCH', 'TEMPORAL_ADDRESS', 'TEST_CLOCK']);
    expect(problems.join('\n')).not.toContain('hush');
  });

  test('takes certificates for Temporal from files, in pairs, and not where TLS is off', () => {
    const tls = { ...production, TEMPORAL_TLS: 'true' };
    const files: Record<string, string> = { '/ca': 'CA', '/cert': 'CERT', '/key': 'KEY' };
    const config = parseConfig(
      { ...tls, TEMPORAL_TLS_CA_FILE: '/ca', TEMPORAL_TLS_CERT_FILE: '/cert', TEMPORAL_TLS_KEY_FILE: '/key' },
      (path) => files[path] ?? '',
    );
    expect([config.temporalTlsCa, config.temporalTlsCert, config.temporalTlsKey]).toEqual([
      'CA',
      'CERT',
      'KEY',
    ]);
    expect(describeConfig(config).temporalTlsKey).not.toContain('KEY');
    expect(problemsOf({ ...tls, TEMPORAL_TLS_CERT: 'x' })).toEqual([expect.stringContaining('together')]);
    expect(problemsOf({ ...production, TEMPORAL_TLS_CA: 'x' })).toEqual([
      expect.stringContaining('TEMPORAL_TLS must be true'),
    ]);
  });

  test('is refused without any database', () => {
    expect(problemsOf({})).toEqual([expect.stringContaining('DATABASE_URL is needed')]);
  });

  test('is refused where the API has one port for two things', () => {
    expect(problemsOf({ DATABASE_URL, HTTP_PORT: '4000', ADMIN_PORT: '4000' })).toHaveLength(1);
    expect(problemsOf({ DATABASE_URL, HTTP_PORT: '0', ADMIN_PORT: '0' })).toEqual([]);
  });

  test('refuses a clock that can be shifted in production', () => {
    const shiftable = { ...production, TEST_CLOCK: 'true' };
    expect(problemsOf(shiftable)).toEqual([expect.stringContaining('TEST_CLOCK')]);
    expect(problemsOf({ ...shiftable, NODE_ENV: 'development' })).toEqual([]);
  });
});

describe('secrets', () => {
  test.each(SECRET_KEYS)('%s may be given as a file', (key) => {
    const folder = mkdtempSync(join(tmpdir(), 'dondoc-config-'));
    const path = join(folder, 'secret');
    const values: Record<string, string> = {
      SMTP_URL: 'smtp://mail',
      WATCHDOG_HEARTBEAT_URL: 'https://beat/x',
      ANCHOR_KEY: '-----BEGIN PRIVATE KEY-----',
      ANCHOR_PUBLIC_KEY: '-----BEGIN PUBLIC KEY-----',
    };
    writeFileSync(path, `${values[key] ?? DATABASE_URL}\n`);
    // What is only taken together with others is given together with them.
    const tls = { TEMPORAL_TLS: 'true', TEMPORAL_TLS_CERT: 'cert', TEMPORAL_TLS_KEY: 'key' };
    const config = parseConfig({
      DATABASE_URL,
      ...(key.startsWith('TEMPORAL_TLS') ? tls : {}),
      [key]: '',
      [`${key}_FILE`]: path,
    });
    rmSync(folder, { recursive: true });
    expect(Object.values(config)).toContain(values[key] ?? DATABASE_URL);
  });

  test('given twice, or as a file that is not there, are problems', () => {
    expect(problemsOf({ DATABASE_URL, DATABASE_URL_FILE: '/nowhere/secret' })).toEqual([
      expect.stringContaining('both set'),
      expect.stringContaining('DATABASE_URL_FILE: ENOENT'),
    ]);
  });

  test('are masked when the configuration is printed', () => {
    const printed = describeConfig(
      parseConfig({ DATABASE_URL, WATCHDOG_HEARTBEAT_URL: 'https://beat.example/token-abc' }),
    );
    expect(JSON.stringify(printed)).not.toMatch(/pass|owner:|token-abc/);
    expect(printed.databaseUrl).toBe('postgres://***@db.example:5432/dondoc');
    expect(printed.watchdogHeartbeatUrl).toBe('https://beat.example/…');
  });
});
