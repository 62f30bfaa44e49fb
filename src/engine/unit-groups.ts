import type { Bilingual } from '../domain/errors.js';

/** A kind of unit to which general tasks go, with the names that plans call it by. */
export interface UnitGroup {
  readonly code: string;
  readonly name: Bilingual;
  readonly aliases: readonly string[];
}

const group = (code: string, vi: string, en: string, ...aliases: readonly string[]): UnitGroup => ({
  code,
  name: { vi, en },
  aliases,
});

/** Groups that plans of provinces address as a whole. A unit may carry another code; it then has no name but that. */
export const UNIT_GROUPS: readonly UnitGroup[] = [
  group(
    'department',
    'Các sở, ban, ngành',
    'Departments',
    'sở, ban, ngành',
    'các sở, ban, ngành tỉnh',
    'các sở ngành',
    'các sở',
    'provincial departments',
    'departments and agencies',
  ),
  group(
    'branch',
    'Các cơ quan ngành dọc',
    'Central branches in the province',
    'cơ quan trung ương đóng trên địa bàn',
    'ngành dọc',
    'branches',
  ),
  group(
    'locality',
    'UBND các huyện, thị xã, thành phố',
    'Districts',
    'các địa phương',
    'UBND cấp huyện',
    'các huyện, thị xã, thành phố',
    'localities',
  ),
  group('commune', 'UBND các xã', 'Communes', 'các xã', 'UBND xã', 'communes'),
  group('ward', 'UBND các phường', 'Wards', 'các phường', 'UBND phường', 'wards'),
  group(
    'police',
    'Các đơn vị công an',
    'Police units',
    'công an các đơn vị',
    'công an các xã, phường',
    'police units',
  ),
];

/** A group's name; a code nobody named is its own name. */
export function groupName(code: string): Bilingual {
  return UNIT_GROUPS.find((known) => known.code === code)?.name ?? { vi: code, en: code };
}
