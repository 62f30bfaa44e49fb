import { describe, expect, test } from '@jest/globals';
import { isRefusal } from '../../../src/domain/errors.js';
import type { ImportDirectory } from '../../../src/domain/import.js';
import { foldKey, nameKey, tidy } from '../../../src/domain/text.js';
import { namesOf } from '../../../src/import/names.js';
import { Directory, NameBook } from '../../../src/import/units.js';

const DIRECTORY: ImportDirectory = {
  units: [
    { id: 'u1', code: 'CA', name: 'Công an tỉnh', nameEn: 'Provincial Police', aliases: [], groupCode: 'so' },
    { id: 'u2', code: 'SYT', name: 'Sở Y tế', nameEn: null, aliases: ['Ngành y tế'], groupCode: 'so' },
    {
      id: 'u3',
      code: 'SVH',
      name: 'Sở Văn hóa, Thể thao và Du lịch',
      nameEn: null,
      aliases: [],
      groupCode: 'so',
    },
    { id: 'u4', code: 'TH1', name: 'Xã Tân Hòa', nameEn: null, aliases: ['Trung tâm'], groupCode: 'xa' },
    { id: 'u5', code: 'TH2', name: 'Xã Tân Hoa', nameEn: null, aliases: ['Trung tâm'], groupCode: 'xa' },
    { id: 'u6', code: 'KHCN', name: 'Sở Khoa học và Công nghệ', nameEn: null, aliases: [], groupCode: 'so' },
  ],
  groups: [
    { code: 'so', name: 'Các sở, ngành', nameEn: 'Departments', aliases: ['sở, ngành'] },
    { code: 'xa', name: 'UBND các xã, phường', nameEn: 'Communes', aliases: ['xã, phường'] },
  ],
};
const directory = new Directory(DIRECTORY);
const cut = (cell: string): readonly string[] =>
  namesOf(cell, (name) => directory.isNearlyKnown(name)).parts.map((part) => part.name);

describe('keys', () => {
  test('are equal for the same word however it is spelled, and different for different words', () => {
    expect(nameKey('SỞ KHOA HỌC & CÔNG NGHỆ')).toBe(nameKey('Sở  Khoa học và Công nghệ'));
    expect(nameKey('Xã Tân Hoà')).toBe(nameKey('Xã Tân Hòa'));
    expect(nameKey('thuỷ')).toBe(nameKey('thủy'));
    expect(nameKey('Sở Y tế'.normalize('NFD'))).toBe(nameKey('Sở Y tế'));
    expect(nameKey('Quý')).toBe('quý');
    expect(nameKey('Hoàn')).toBe('hoàn');
    expect(nameKey('Xã Tân Hòa')).not.toBe(nameKey('Xã Tân Hoa'));
    expect(foldKey('Đắk Lắk – ĐẶNG')).toBe('dak lak dang');
    expect(tidy('\u00a0a\u200b \n b\ufeff')).toBe('a b');
  });
});

describe('a cell of names', () => {
  test.each([
    ['Công an tỉnh', ['Công an tỉnh']],
    ['Công an tỉnh; Sở Y tế', ['Công an tỉnh', 'Sở Y tế']],
    ['Công an tỉnh, Sở Y tế', ['Công an tỉnh', 'Sở Y tế']],
    ['Công an tỉnh và Sở Y tế', ['Công an tỉnh', 'Sở Y tế']],
    ['Sở Văn hóa, Thể thao và Du lịch', ['Sở Văn hóa, Thể thao và Du lịch']],
    ['Sở Văn hóa, Thể thao và Du lịch, Công an tỉnh', ['Sở Văn hóa, Thể thao và Du lịch', 'Công an tỉnh']],
    ['Công an tỉnh\nSở Y tế', ['Công an tỉnh', 'Sở Y tế']],
    ['Các sở: Y tế, Khoa học và Công nghệ', ['Sở Y tế', 'Sở Khoa học và Công nghệ']],
    ['Các sở, ngành; UBND các xã, phường', ['Các sở, ngành', 'UBND các xã, phường']],
    ['sở, ngành, xã, phường', ['sở, ngành', 'xã, phường']],
    ['130 xã, phường', ['130 xã, phường']],
  ])('%s is cut where names end', (cell, names) => {
    expect(cut(cell)).toEqual(names);
  });

  test('unknown names stay together, unless a comma comes before what begins a name', () => {
    expect(cut('Culture, Sports and Tourism')).toEqual(['Culture, Sports and Tourism']);
    expect(cut('Sở Nội vụ, Sở Tài chính và Môi trường, Công an tỉnh')).toEqual([
      'Sở Nội vụ',
      'Sở Tài chính và Môi trường',
      'Công an tỉnh',
    ]);
    expect(cut('Ban Dân vận và Sở Nội vụ')).toEqual(['Ban Dân vận', 'Sở Nội vụ']);
    expect(cut('Tổ giúp việc (gồm A, B)')).toEqual(['Tổ giúp việc (gồm A, B)']);
  });

  test('a list after a collective is that list, and its number is checked', () => {
    const read = namesOf('12 provincial chairmen: A, B, C', () => false);
    expect(read.parts.map((part) => part.name)).toEqual(['A', 'B', 'C']);
    expect(read.saidCount).toBe(12);
    expect(namesOf('2 xã: A, B', () => false).saidCount).toBeNull();
  });

  test('numbers beside names are a breakdown; wards that are called by numbers are not', () => {
    expect(namesOf('Y tế 13; Tư pháp 1.002', () => false).parts).toEqual([
      { name: 'Y tế', count: 13 },
      { name: 'Tư pháp', count: 1_002 },
    ]);
    expect(namesOf('Phường 1; Phường 3', () => false).parts.map((part) => part.name)).toEqual([
      'Phường 1',
      'Phường 3',
    ]);
  });

  test('that says nothing is told from one that is blank', () => {
    expect(namesOf('(not stated; province Task Force)', () => false)).toMatchObject({
      parts: [],
      notStated: true,
    });
    expect(namesOf('Chưa rõ', () => false)).toMatchObject({ parts: [], notStated: true });
    expect(namesOf('', () => false)).toMatchObject({ parts: [], notStated: false });
    expect(namesOf('Sở A; ...', () => false)).toMatchObject({ goesOn: true, parts: [{ name: 'Sở A' }] });
  });
});

describe('a name', () => {
  test('is found by name, English name, code or alias', () => {
    expect(directory.match('CÔNG AN TỈNH')).toEqual({ kind: 'exact', unitId: 'u1' });
    expect(directory.match('provincial police')).toEqual({ kind: 'exact', unitId: 'u1' });
    expect(directory.match('SYT')).toEqual({ kind: 'exact', unitId: 'u2' });
    expect(directory.match('ngành Y tế')).toEqual({ kind: 'alias', unitId: 'u2' });
    expect(directory.match('Departments')).toEqual({ kind: 'group', groupCode: 'so' });
  });

  test('without its accents is only suggested, for accents tell communes apart', () => {
    const match = directory.match('Xa Tan Hoa');
    expect(match.kind === 'fuzzy' && match.candidates.map(({ ref, score }) => [ref, score])).toEqual(
      expect.arrayContaining([
        ['u4', 0.9],
        ['u5', 0.9],
      ]),
    );
  });

  test('that two units share is suggested as both, and taken for neither', () => {
    const match = directory.match('Trung tâm');
    expect(match.kind === 'fuzzy' && match.candidates.slice(0, 2).map(({ score }) => score)).toEqual([1, 1]);
  });

  test('with a remark, a number or “all” is only suggested', () => {
    for (const name of ['Công an tỉnh (đôn đốc)', 'tất cả Công an tỉnh', '130 xã, phường']) {
      const match = directory.match(name);
      expect(match.kind === 'fuzzy' && match.candidates[0]?.score).toBe(0.95);
    }
    expect(directory.match('Hội Nông dân').kind).not.toBe('exact');
  });

  test('is remembered once with every place it is used, and asked only where somebody would lead', () => {
    const book = NameBook.open(directory, {});
    if (isRefusal(book)) throw new Error(book.detail.en);
    book.use('Hội A', 'lead', 2);
    book.use('HỘI A', 'coordinating', 3);
    book.use('Hội B', 'coordinating', 3);
    expect(book.matches().map(({ name, usedIn, asked }) => [name, usedIn.length, asked])).toEqual([
      ['Hội A', 2, true],
      ['Hội B', 1, false],
    ]);
  });

  test('answered with a unit or group that does not exist is refused by pointer', () => {
    const book = NameBook.open(directory, {
      'Hội/A': { units: ['nobody'] },
      B: { group: 'none' },
      C: { groups: ['so', 'x'] },
    });
    expect(isRefusal(book) && book.errors?.map((error) => error.pointer)).toEqual([
      '/choices/units/Hội~1A',
      '/choices/units/B',
      '/choices/units/C',
    ]);
  });
});
