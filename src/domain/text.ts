/** Unicode NFC: the one form in which text is kept and compared. */
export function nfc(text: string): string {
  return text.normalize('NFC');
}
