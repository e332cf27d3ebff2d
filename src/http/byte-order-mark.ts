/** Text without the mark that some programs put in front of UTF-8: it is no part of JSON (RFC 8259, section 8.1). */
export function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
