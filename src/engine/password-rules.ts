import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import * as common from '@zxcvbn-ts/language-common';
import { type FieldError, type Refusal, wrongField } from '../domain/errors.js';

/** ASVS 5.0, 6.2.1: at least eight; twelve, since a local account has no second factor here. */
export const SHORTEST_PASSWORD = 12;
const LONGEST_PASSWORD = 128;
/** What is judged of a long one: how long judging takes grows with the square, for everybody who waits. */
const JUDGED = 32;
/** From 3 on a guesser needs more than 10^8 tries, of 0.3 s each. */
const LEAST_SCORE = 3;

/** What is tried first here and stands in no list of other countries, without accents, digits or signs. */
const LOCAL = [
  ...['admin', 'quantri', 'matkhau', 'vietnam', 'hanoi', 'saigon', 'congan', 'anhyeuem', 'emyeuanh'],
  ...['dondoc', 'tinhuy', 'ubnd', 'uybannhandan', 'vanphong', 'chuyendoiso', 'xinchao'],
];

let guesser: ZxcvbnFactory | null = null;

/** Some 49,000 passwords that leaked elsewhere, runs, repetitions, patterns of the keyboard and dates. Read once, when first needed. */
function guessable(password: string, words: readonly string[]): boolean {
  guesser ??= new ZxcvbnFactory({ dictionary: { ...common.dictionary }, graphs: common.adjacencyGraphs });
  return guesser.check([...password].slice(0, JUDGED).join(''), [...words]).score < LEAST_SCORE;
}

/** What a new password must not be; null when it may be used. Length counts, kinds of characters do not. */
export function passwordRefusal(password: string, about: { login: string; name: string }): Refusal | null {
  const length = [...password].length;
  if (length < SHORTEST_PASSWORD) return wrong('too_short', TOO_SHORT);
  if (length > LONGEST_PASSWORD) return wrong('too_long', TOO_LONG);
  const own = [about.login, ...about.name.split(' ')].map(plain).filter((word) => word.length >= 4);
  // Longest first, so that a login is found whole before a common word within it is.
  const words = [...LOCAL, ...own].sort((one, other) => other.length - one.length);
  const letters = plain(password);
  const rest = words.reduce((text, word) => text.replaceAll(word, ''), letters);
  const nothingElse = letters !== rest && rest.length < 4;
  return nothingElse || guessable(password, words) ? wrong('too_common', TOO_COMMON) : null;
}

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replaceAll(/[^a-z]/g, '');

const TOO_SHORT = {
  vi: `Mật khẩu cần ít nhất ${SHORTEST_PASSWORD} ký tự; một câu ngắn dễ nhớ là tốt nhất.`,
  en: `A password needs at least ${SHORTEST_PASSWORD} characters; a short sentence is best.`,
};
const TOO_LONG = {
  vi: `Mật khẩu dài nhất ${LONGEST_PASSWORD} ký tự.`,
  en: `A password has at most ${LONGEST_PASSWORD} characters.`,
};
const TOO_COMMON = {
  vi: 'Mật khẩu này quá dễ đoán; hãy chọn cụm từ khác, không chứa tên của bạn.',
  en: 'This password is too easy to guess; choose other words, without your name.',
};

function wrong(code: string, detail: FieldError['detail']): Refusal {
  return wrongField('/password', code, detail);
}
