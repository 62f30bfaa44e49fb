import type { ImportChoices, ImportDirectory } from '../src/domain/import.js';

type Unit = ImportDirectory['units'][number];

function unit(groupCode: string, code: string, name: string, aliases: readonly string[] = []): Unit {
  return { id: `unit-${code.toLowerCase()}`, code, name, nameEn: null, aliases, groupCode };
}

const NAMED_PROVINCES = [
  ...['Bạc Liêu', 'Bắc Ninh', 'Bến Tre', 'Đắk Lắk', 'Hưng Yên', 'Kiên Giang'],
  ...['Nam Định', 'Phú Thọ', 'Quảng Trị', 'Sóc Trăng', 'Vĩnh Long', 'Vĩnh Phúc'],
];

/** Units enough for the 61 rows; national and provincial ones together, as the file has both. */
export const PROJECT06_DIRECTORY: ImportDirectory = {
  units: [
    unit('ministries', 'MPS', 'Ministry of Public Security', ['Public Security', 'Standing agency']),
    unit('ministries', 'MOJ', 'Ministry of Justice'),
    unit('ministries', 'MOH', 'Ministry of Health', ['Health']),
    unit('ministries', 'SBV', 'State Bank of Vietnam'),
    unit('ministries', 'MOHA', 'Ministry of Home Affairs'),
    unit('ministries', 'MOC', 'Ministry of Construction', ['Construction']),
    unit('ministries', 'MST', 'Ministry of Science and Technology', ['Science and Technology']),
    unit('ministries', 'MAE', 'Ministry of Agriculture and Environment', ['Agriculture and Environment']),
    unit('ministries', 'MCST', 'Ministry of Culture, Sports and Tourism', ['Culture, Sports and Tourism']),
    unit('ministries', 'GI', 'Government Inspectorate'),
    unit('ministries', 'GO', 'Government Office'),
    unit('ministries', 'VSS', 'Vietnam Social Security'),
    ...NAMED_PROVINCES.map((name, at) => unit('provinces', `PR${String(at + 1).padStart(2, '0')}`, name)),
    unit('provincial-social-security', 'PSS1', 'Provincial Social Security 1'),
    unit('provincial-social-security', 'PSS2', 'Provincial Social Security 2'),
    unit('departments', 'PP', 'Provincial Police'),
    unit('departments', 'PPCO', 'Provincial People’s Committee Office', ['PPC Office']),
    unit('departments', 'DST', 'Department of Science and Technology'),
    unit('departments', 'DAE', 'Department of Agriculture and Environment'),
    unit('departments', 'DOH', 'Department of Health'),
    unit('departments', 'DOF', 'Department of Finance'),
    unit('departments', 'DET', 'Department of Education and Training', ['Education']),
    unit('departments', 'DOL', 'Department of Labour', ['Labour']),
    unit('departments', 'DNE', 'Department of Natural Resources', ['Environment']),
    unit('departments', 'DOJ', 'Department of Justice', ['Justice']),
    unit('departments', 'DOC', 'Department of Construction'),
    unit('departments', 'PASC', 'Provincial Public Administration Service Centre'),
    unit('departments', 'CDTC', 'City Digital Transformation Centre'),
    unit('districts', 'D1', 'District One'),
    unit('districts', 'DP', 'District Police'),
    unit('communes', 'C1', 'Commune One'),
    unit('communes', 'C2', 'Ward Two'),
  ],
  groups: [
    {
      code: 'ministries',
      name: 'Các bộ, ngành',
      nameEn: 'Ministries',
      aliases: ['Ministries and agencies', 'Ministries, agencies', 'Each ministry'],
    },
    {
      code: 'provinces',
      name: 'Các tỉnh, thành phố',
      nameEn: 'Provinces',
      aliases: ['Provincial chairmen', "Provincial People's Committees"],
    },
    {
      code: 'provincial-social-security',
      name: 'BHXH các tỉnh',
      nameEn: 'Provincial social security',
      aliases: ['provincial social-security directors'],
    },
    {
      code: 'departments',
      name: 'Các sở, ngành',
      nameEn: 'Departments',
      aliases: ['all departments', 'department directors'],
    },
    { code: 'districts', name: 'Các huyện', nameEn: 'Districts', aliases: ['district chairmen'] },
    {
      code: 'communes',
      name: 'Các xã, phường',
      nameEn: 'Communes, wards',
      aliases: ['all communes, wards', 'communes'],
    },
  ],
};

/** One person's answers, with which no question of the 61 rows stays open. */
export const PROJECT06_CHOICES: ImportChoices = {
  units: {
    'Government Office (urges)': { units: ['GO'] },
    'Ministry of Science and Technology (urges)': { units: ['MST'] },
    'Standing agency (names)': { ignore: true },
    'provinces (do)': { group: 'provinces' },
    '63 provincial social-security directors': { group: 'provincial-social-security' },
    'district and commune chairmen': { groups: ['districts', 'communes'] },
    'all units': { groups: ['departments', 'communes'] },
    // Which of them is not said: nobody can be assigned.
    '2 districts + 6 wards': { ignore: true },
    '130 communes, wards': { group: 'communes' },
    province: { group: 'departments' },
    'agencies, localities': { groups: ['departments', 'districts', 'communes'] },
  },
  severalLeads: 'each_leads',
  past: {
    default: { answer: 'take_over' },
    rows: {
      // The indicator of 2023 was quoted by a conference of January 2024.
      46: { answer: 'take_over' },
      // The biometrics of airports and ports go on into the next year.
      16: { answer: 'carry_over', newPhrase: 'by 2026-06-30' },
    },
  },
  keepUnclear: true,
  rows: {
    // The same short names mean a ministry in the national rows and a department in the provincial ones.
    41: { lead: 'Education 13; Labour 2; Environment 5; Justice 38; Department of Construction 5' },
    42: { lead: 'Provincial Police', coordinating: 'district and commune chairmen; all units' },
    49: { lead: 'DAE; DOH; DST' },
    53: { lead: 'Department of Finance; DAE; ...' },
  },
};
