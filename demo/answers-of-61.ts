import type { ImportChoices, UnitChoice } from '../src/domain/import.js';
import { PROJECT06_CHOICES } from './project06.js';

const unit = (code: string): UnitChoice => ({ units: [code] });
const groups = (...codes: readonly string[]): UnitChoice => ({ groups: codes });

const COUNTERPARTS: Readonly<Record<string, readonly string[]>> = {
  'cong-an-tinh': ['Ministry of Public Security', 'Public Security'],
  'so-tu-phap': ['Ministry of Justice', 'Justice'],
  'so-y-te': ['Ministry of Health', 'Health', 'DOH'],
  'so-noi-vu': ['Ministry of Home Affairs', 'Labour'],
  'so-xay-dung': ['Ministry of Construction', 'Construction', 'Department of Construction'],
  'so-kh-cn': [
    'Ministry of Science and Technology',
    'Ministry of Science and Technology (standing agency)',
    'Ministry of Science and Technology (urges)',
    'Science and Technology',
    'DST',
  ],
  'so-nn-mt': [
    'Ministry of Agriculture and Environment',
    'Agriculture and Environment',
    'Natural Resources and Environment',
    'Department of Agriculture and Environment (standing agency)',
    'Environment',
    'DAE',
  ],
  'so-vhttdl': ['Culture, Sports and Tourism'],
  'so-gd-dt': ['Education'],
  'thanh-tra': ['Government Inspectorate'],
  'vp-ubnd': [
    'Government Office (urges)',
    'Government Office',
    'PPC Office',
    'Provinces',
    'Provincial chairmen',
    "Provincial People's Committees",
    "Provincial People's Committee",
  ],
  'ngan-hang': ['State Bank of Vietnam'],
  bhxh: ['Vietnam Social Security', '63 provincial social-security directors'],
  'tt-hcc': ['Provincial Public Administration Service Centre'],
  'tt-cds': ['City Digital Transformation Centre'],
  'ca-qlhc': ['District Police'],
};

const GROUPS: Readonly<Record<string, UnitChoice>> = {
  Ministries: groups('department'),
  'Each ministry': groups('department'),
  'Ministries and agencies': groups('department'),
  'Ministries, agencies': groups('department'),
  'Ministries, provinces': groups('department'),
  'Standing agency (names), ministries and provinces (do)': groups('department'),
  province: groups('department'),
  agencies: groups('department'),
  'all departments': groups('department'),
  'department directors, district chairmen': groups('department', 'locality'),
  'district chairmen': groups('locality'),
  'district and commune chairmen': groups('locality', 'commune', 'ward'),
  'all communes': groups('commune'),
  '130 communes': groups('commune'),
  'all units': groups('department', 'commune', 'ward'),
};

/** Other provinces have a plan of their own; and which districts and wards are meant is nowhere said. */
const NOT_OURS = [
  ...['Bạc Liêu', 'Bắc Ninh', 'Bến Tre', 'Đắk Lắk', 'Hưng Yên', 'Kiên Giang'],
  ...['Nam Định', 'Phú Thọ', 'Quảng Trị', 'Sóc Trăng', 'Vĩnh Long', 'Vĩnh Phúc'],
  ...['2 districts', '6 wards'],
];

/**
 * The answers of the invented province: what a ministry is to do its counterpart in the province does, what
 * is past is taken over with its past, and what is unclear stays in, as unclear.
 */
export function answersOf61(year: number): ImportChoices {
  const counterparts = Object.entries(COUNTERPARTS).flatMap(([code, names]) =>
    names.map((name) => [name, unit(code)] as const),
  );
  const ignored = NOT_OURS.map((name) => [name, { ignore: true }] as const);
  return {
    ...PROJECT06_CHOICES,
    units: { ...Object.fromEntries<UnitChoice>([...counterparts, ...ignored]), ...GROUPS },
    past: {
      default: { answer: 'take_over' },
      // The biometrics of airports and ports go on into the next year.
      rows: { ...PROJECT06_CHOICES.past?.rows, 16: { answer: 'carry_over', newPhrase: `by ${year}-06-30` } },
    },
  };
}
