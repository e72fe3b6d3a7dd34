// Lengths of work as people type them.

/** Minutes of `7:30`, `7.5`, `7,5`, `40`; none when it cannot be read. */
export function readHours(text: string): number | null {
  const parts = /^\s*(\d{1,3})(?::(\d{2})|[.,](\d{1,2}))?\s*$/.exec(text);
  if (!parts) return null;
  const minutes = parts[2] !== undefined ? Number(parts[2]) : Math.round(Number(`0.${parts[3] ?? "0"}`) * 60);
  return minutes > 59 ? null : Number(parts[1]) * 60 + minutes;
}
