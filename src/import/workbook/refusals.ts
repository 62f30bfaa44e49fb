import { type Bilingual, type Refusal, refuse } from '../../domain/errors.js';

/** A workbook that is not read; caught where reading begins. */
export class Unfit extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

const SAVE_AS: Bilingual = {
  vi: 'Trong Excel: Tệp → Lưu thành → “Sổ làm việc Excel (.xlsx)”, rồi tải lên lại.',
  en: 'In Excel: File → Save as → “Excel Workbook (.xlsx)”, then upload it again.',
};

const UNREADABLE = {
  old_format: {
    vi: `Tệp Excel hoặc Word đời cũ (.xls, .doc). ${SAVE_AS.vi}`,
    en: `An old Excel or Word file (.xls, .doc). ${SAVE_AS.en}`,
  },
  encrypted: {
    vi: 'Tệp được bảo vệ bằng mật khẩu. Hãy bỏ mật khẩu mở tệp rồi tải lên lại.',
    en: 'The file is protected by a password. Remove the password to open it, then upload it again.',
  },
  macros: {
    vi: `Tệp có macro (.xlsm). Không nhận tệp có macro. ${SAVE_AS.vi}`,
    en: `The file holds macros (.xlsm), which are not taken. ${SAVE_AS.en}`,
  },
  external_links: {
    vi: 'Tệp liên kết với tệp hoặc nguồn dữ liệu khác, nên số hiện ra có thể không còn đúng. Trong Excel: Dữ liệu → Sửa liên kết → Ngắt liên kết, lưu, rồi tải lên lại.',
    en: 'The file is linked to other files or sources, so what it shows may be out of date. In Excel: Data → Edit Links → Break Link, save, then upload it again.',
  },
  binary_workbook: {
    vi: `Tệp Excel nhị phân (.xlsb). ${SAVE_AS.vi}`,
    en: `A binary Excel file (.xlsb). ${SAVE_AS.en}`,
  },
  open_document: {
    vi: 'Tệp OpenDocument (.ods, .odt). Hãy lưu thành .xlsx hoặc CSV UTF-8 rồi tải lên lại.',
    en: 'An OpenDocument file (.ods, .odt). Save it as .xlsx or CSV UTF-8, then upload it again.',
  },
  other_office: {
    vi: 'Đây là tệp Word hoặc PowerPoint. Hãy chép bảng sang Excel, lưu thành .xlsx, rồi tải lên.',
    en: 'This is a Word or PowerPoint file. Copy its table into Excel, save as .xlsx, then upload that.',
  },
  not_a_workbook: {
    vi: 'Đây là tệp nén, không phải tệp Excel (.xlsx).',
    en: 'This is a zip file, not an Excel file (.xlsx).',
  },
  damaged: {
    vi: `Tệp Excel hỏng hoặc không đúng chuẩn. Hãy mở bằng Excel và lưu lại. ${SAVE_AS.vi}`,
    en: `The Excel file is damaged or not valid. Open it in Excel and save it again. ${SAVE_AS.en}`,
  },
  no_sheet: { vi: 'Tệp Excel không có trang tính nào.', en: 'The Excel file has no worksheet.' },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** A file that is no workbook we take, and what to do about it. */
export function unreadable(reason: keyof typeof UNREADABLE): Refusal {
  return refuse('import_unreadable', UNREADABLE[reason], { extra: { reason } });
}

const TOO_LARGE = {
  unpacked: {
    vi: 'Tệp giải nén ra quá lớn so với một kế hoạch. Hãy chép riêng bảng kế hoạch (dán giá trị) sang tệp mới rồi tải lên.',
    en: 'Unpacked, the file is far larger than a plan. Copy the table alone (as values) into a new file and upload that.',
  },
  parts: { vi: 'Tệp có quá nhiều thành phần.', en: 'The file has too many parts.' },
  sheets: { vi: 'Tệp có quá nhiều trang tính. Hãy chia tệp.', en: 'The file has too many sheets. Split it.' },
  cells: { vi: 'Tệp có quá nhiều ô. Hãy chia tệp.', en: 'The file has too many cells. Split it.' },
  texts: { vi: 'Tệp có quá nhiều chữ. Hãy chia tệp.', en: 'The file has too much text. Split it.' },
  merges: { vi: 'Tệp có quá nhiều ô gộp.', en: 'The file has too many merged cells.' },
  memory: {
    vi: 'Đọc tệp cần quá nhiều bộ nhớ. Hãy chép riêng bảng kế hoạch (dán giá trị) sang tệp mới.',
    en: 'Reading the file takes too much memory. Copy the table alone (as values) into a new file.',
  },
  time: {
    vi: 'Đọc tệp mất quá nhiều thời gian. Hãy chép riêng bảng kế hoạch (dán giá trị) sang tệp mới.',
    en: 'Reading the file takes too long. Copy the table alone (as values) into a new file.',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

export function tooLarge(reason: keyof typeof TOO_LARGE): Refusal {
  return refuse('payload_too_large', TOO_LARGE[reason], { extra: { reason } });
}
