/** The invented province of the demonstration: no unit and no person of it exists. */

export interface DemoUnit {
  readonly code: string;
  readonly group: 'department' | 'branch' | 'locality' | 'commune' | 'ward' | 'police';
  readonly name: string;
  readonly nameEn: string;
  readonly aliases: readonly string[];
}

export const PROVINCE = { vi: 'tỉnh An Hòa', en: 'An Hoa Province', domain: 'an-hoa.example.vn' } as const;

type Row = readonly [code: string, name: string, nameEn: string, ...aliases: readonly string[]];

const of = (group: DemoUnit['group'], rows: readonly Row[]): DemoUnit[] =>
  rows.map(([code, name, nameEn, ...aliases]) => ({ code, group, name, nameEn, aliases }));

const DEPARTMENTS = of('department', [
  [
    'vp-ubnd',
    'Văn phòng UBND tỉnh',
    "Provincial People's Committee's Office",
    'VP UBND tỉnh',
    'Văn phòng Ủy ban nhân dân tỉnh',
  ],
  ['so-noi-vu', 'Sở Nội vụ', 'Department of Home Affairs', 'SNV'],
  ['so-tu-phap', 'Sở Tư pháp', 'Department of Justice', 'STP'],
  ['so-tai-chinh', 'Sở Tài chính', 'Department of Finance', 'STC'],
  ['so-y-te', 'Sở Y tế', 'Department of Health', 'SYT'],
  ['so-gd-dt', 'Sở Giáo dục và Đào tạo', 'Department of Education and Training', 'Sở GDĐT', 'Sở GD&ĐT'],
  ['so-nn-mt', 'Sở Nông nghiệp và Môi trường', 'Department of Agriculture and Environment', 'Sở NN&MT'],
  ['so-kh-cn', 'Sở Khoa học và Công nghệ', 'Department of Science and Technology', 'Sở KH&CN'],
  ['so-xay-dung', 'Sở Xây dựng', 'Department of Construction', 'SXD'],
  ['so-cong-thuong', 'Sở Công Thương', 'Department of Industry and Trade', 'SCT'],
  ['so-vhttdl', 'Sở Văn hóa, Thể thao và Du lịch', 'Department of Culture, Sports and Tourism', 'Sở VHTTDL'],
  ['so-dt-tg', 'Sở Dân tộc và Tôn giáo', 'Department of Ethnic and Religious Affairs', 'Sở DT&TG'],
  ['so-ngoai-vu', 'Sở Ngoại vụ', 'Department of Foreign Affairs'],
  ['thanh-tra', 'Thanh tra tỉnh', 'Provincial Inspectorate'],
  ['bql-kkt', 'Ban Quản lý các khu kinh tế tỉnh', 'Economic Zones Authority'],
  [
    'tt-hcc',
    'Trung tâm Phục vụ hành chính công tỉnh',
    'Public Administration Service Centre',
    'Trung tâm HCC',
  ],
  ['tt-cds', 'Trung tâm Chuyển đổi số tỉnh', 'Digital Transformation Centre'],
  ['bao-ptth', 'Báo và Phát thanh, Truyền hình tỉnh', 'Provincial Newspaper, Radio and Television'],
  ['truong-cd', 'Trường Cao đẳng An Hòa', 'An Hoa College'],
  ['bql-da', 'Ban Quản lý dự án đầu tư tỉnh', 'Investment Projects Board'],
]);

const BRANCHES = of('branch', [
  ['thue', 'Thuế tỉnh', 'Provincial Tax Office', 'Cục Thuế tỉnh'],
  ['bhxh', 'Bảo hiểm xã hội tỉnh', 'Provincial Social Security', 'BHXH tỉnh'],
  ['kho-bac', 'Kho bạc Nhà nước tỉnh', 'Provincial State Treasury'],
  ['ngan-hang', 'Chi nhánh Ngân hàng Nhà nước tỉnh', 'State Bank branch'],
  ['thong-ke', 'Thống kê tỉnh', 'Provincial Statistics Office'],
  ['hai-quan', 'Hải quan tỉnh', 'Provincial Customs'],
]);

const POLICE = of('police', [
  ['cong-an-tinh', 'Công an tỉnh', 'Provincial Police', 'CA tỉnh'],
  [
    'ca-qlhc',
    'Phòng Cảnh sát quản lý hành chính về trật tự xã hội',
    'Administrative Management Police',
    'Phòng PC06',
  ],
  [
    'ca-anm',
    'Phòng An ninh mạng và phòng, chống tội phạm công nghệ cao',
    'Cyber Security Police',
    'Phòng PA05',
  ],
  ['ca-csgt', 'Phòng Cảnh sát giao thông', 'Traffic Police', 'Phòng PC08'],
]);

const LOCALITIES = of('locality', [['dac-khu-hon-ngoc', 'Đặc khu Hòn Ngọc', 'Hon Ngoc Special Zone']]);

const FIRST = ['An', 'Bình', 'Cẩm', 'Đông', 'Gia', 'Hòa', 'Khánh', 'Lạc', 'Minh', 'Nam'] as const;
const SECOND = ['Bằng', 'Châu', 'Điền', 'Giang', 'Hà', 'Khê', 'Lâm', 'Mỹ', 'Ngọc'] as const;
const WARD_SECOND = ['Quang', 'Sơn', 'Thủy', 'Vân'] as const;

const plain = (name: string): string =>
  name.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D');

/** Without districts since 1 July 2025: 90 communes and 40 wards stand directly under the province. */
const COMMUNES: readonly DemoUnit[] = FIRST.flatMap((first) =>
  SECOND.map((second) => `${first} ${second}`),
).map((name) => ({
  code: `xa-${plain(name).toLowerCase().replaceAll(' ', '-')}`,
  group: 'commune',
  name: `UBND xã ${name}`,
  nameEn: `${plain(name)} Commune`,
  aliases: [`xã ${name}`],
}));
const WARDS: readonly DemoUnit[] = FIRST.flatMap((first) =>
  WARD_SECOND.map((second) => `${first} ${second}`),
).map((name) => ({
  code: `phuong-${plain(name).toLowerCase().replaceAll(' ', '-')}`,
  group: 'ward',
  name: `UBND phường ${name}`,
  nameEn: `${plain(name)} Ward`,
  aliases: [`phường ${name}`],
}));

export const DEMO_UNITS: readonly DemoUnit[] = [
  ...DEPARTMENTS,
  ...BRANCHES,
  ...POLICE,
  ...LOCALITIES,
  ...COMMUNES,
  ...WARDS,
];

const FAMILY = [
  'Nguyễn',
  'Trần',
  'Lê',
  'Phạm',
  'Hoàng',
  'Vũ',
  'Đặng',
  'Bùi',
  'Đỗ',
  'Hồ',
  'Ngô',
  'Dương',
] as const;
const MIDDLE = ['Văn', 'Thị', 'Đức', 'Minh', 'Ngọc', 'Quốc', 'Thanh'] as const;
const GIVEN = [
  'An',
  'Bảo',
  'Chi',
  'Dũng',
  'Giang',
  'Hạnh',
  'Khoa',
  'Lan',
  'Nam',
  'Oanh',
  'Phúc',
  'Quân',
  'Sơn',
] as const;

/** The n-th invented person; the lengths share no factor, so a thousand differ. */
export function demoName(n: number): string {
  const pick = (names: readonly string[], at: number): string => names[at % names.length] ?? '';
  return [pick(FAMILY, n), pick(MIDDLE, n), pick(GIVEN, n)].join(' ');
}
