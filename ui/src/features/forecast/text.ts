// The text of a file as telephone exchanges write it.

/** The code pages of the countries we are at home in; the second is Polish. */
const OLD = { cyrillic: "windows-1251", polish: "windows-1250" } as const;

/** Reads UTF-8, UTF-16 by its mark, else an old code page: the one that gives letters of the language at hand. */
export function decode(bytes: ArrayBuffer, language: string): string {
  const head = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(language === "pl" ? OLD.polish : OLD.cyrillic).decode(bytes);
  }
}
