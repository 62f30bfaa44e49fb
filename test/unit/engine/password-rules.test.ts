import { describe, expect, test } from '@jest/globals';
import { isRefusal } from '../../../src/domain/errors.js';
import { passwordRefusal } from '../../../src/engine/password-rules.js';

const LAN = { login: 'lan.nguyen', name: 'Nguyễn Thị Lan' };

function codeOf(password: string): string | null {
  const refusal = passwordRefusal(password, LAN);
  if (refusal === null) return null;
  expect(isRefusal(refusal)).toBe(true);
  return refusal.errors?.[0]?.code ?? 'no code';
}

describe('a new password', () => {
  test.each([
    ['password1234', 'a leaked one'],
    ['1qaz2wsx3edc', 'a way over the keyboard'],
    ['p@ssw0rdp@ssw0rd', 'a leaked one twice, in disguise'],
    ['123456789012', 'a run'],
    ['aaaaaaaaaaaa', 'one sign'],
    ['abcabcabcabc', 'a repetition'],
    ['Admin@123456', 'what is tried first'],
    ['Mật khẩu 2026', 'what is tried first here'],
    ['anhyeuem1234', 'what is tried first here, with a run'],
    ['Vănphòng@2026', 'the name of the place'],
    ['lan.nguyen2025', 'the own login'],
    ['Nguyễn12345678', 'the own name'],
  ])('"%s" is too common: %s', (password) => {
    expect(codeOf(password)).toBe('too_common');
  });

  test.each(['hoa mai vàng nở sớm', 'giữ gìn non nước', 'correct horse battery staple', 'kR7#mw2pQz9!'])(
    '"%s" may be used',
    (password) => {
      expect(codeOf(password)).toBeNull();
    },
  );

  test('is counted in characters as people see them, between 12 and 128', () => {
    expect(codeOf('hoa mai vàn')).toBe('too_short');
    expect(codeOf('hoa mai vàng')).toBeNull();
    expect(codeOf('😀'.repeat(6))).toBe('too_short');
    expect(codeOf(`hoa mai vàng nở sớm ${'x'.repeat(108)}`)).toBeNull();
    expect(codeOf(`hoa mai vàng nở sớm ${'x'.repeat(109)}`)).toBe('too_long');
  });

  test('is judged by its beginning, so that a long one holds nobody up', () => {
    expect(codeOf(`${'password'.repeat(4)}hoa mai vàng nở sớm`)).toBe('too_common');
  });
});
