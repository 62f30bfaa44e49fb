import { describe, expect, test } from '@jest/globals';
import { createLogger, errorLine } from '../../src/log.js';

function lineOf(write: (log: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(
    createLogger({ service: 'api', level: 'info', destination: { write: (text) => void lines.push(text) } }),
  );
  return lines.join('');
}

describe('the log', () => {
  test('is one JSON object a line, with service, level and a UTC instant', () => {
    const line = lineOf((log) => log.info({ directiveId: 'd1' }, 'issued'));
    expect(line.endsWith('\n')).toBe(true);
    expect(JSON.parse(line)).toMatchObject({
      service: 'api',
      directiveId: 'd1',
      msg: 'issued',
      time: expect.stringMatching(/Z$/),
    });
  });

  test('hides authorization, cookies, passwords and tokens wherever they usually stand', () => {
    const line = lineOf((log) =>
      log.info({
        token: 'hush',
        body: { password: 'hush' },
        req: { headers: { authorization: 'Bearer hush', cookie: 'hush' } },
        res: { headers: { 'set-cookie': 'hush' } },
        config: { databaseUrl: 'hush', smtpUrl: 'hush' },
      }),
    );
    expect(line).not.toContain('hush');
  });

  test('says of an error what it is, and nothing that it drags along', () => {
    const cause = Object.assign(new Error('the server went away'), { code: '57P01' });
    const error = Object.assign(new Error('an idle connection was lost', { cause }), {
      client: { secretKey: 'hush' },
      detail: 'Key (email)=(hush) already exists.',
    });
    const line = lineOf((log) => log.warn({ err: error }, 'lost'));
    expect(JSON.parse(line).err).toMatchObject({
      message: 'an idle connection was lost',
      stack: expect.any(String),
      cause: { message: 'the server went away', code: '57P01' },
    });
    expect(line).not.toContain('hush');
  });

  test('is silent below its level', () => {
    expect(lineOf((log) => log.debug('x'))).toBe('');
  });
});

test('what is thrown and is no error is told by its kind alone: it may hold tokens and passwords', () => {
  const answer = { body: { access_token: 'SECRET-ACCESS', refresh_token: 'SECRET-REFRESH' } };
  const error = new Error('the answer is not what was expected', {
    cause: new Error('inner', { cause: answer }),
  });
  const said = JSON.stringify(errorLine(error));
  expect(said).not.toContain('SECRET');
  expect(said).toContain('thrown: object');
  expect(errorLine('gone')).toBe('gone');
});
