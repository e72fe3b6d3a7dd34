// Codes and figures of the forecast in words.
import { plusDays } from "@/features/desk/time";
import { clock, languageName, signedPercent } from "@/lib/format";
import { has, t } from "@/lib/i18n/index.svelte";
import type { ForecastDay, WorkChannel } from "@/lib/ipc";

export const CHANNELS: readonly WorkChannel[] = ["inbound", "outbound"];
export const WEEKS = [1, 2, 4, 8, 13] as const;

/** Languages that are offered for the report of one queue: ours and those of the neighbours. */
export const SPOKEN = ["uk", "ru", "pl", "en", "de", "ro", "hu", "cs", "sk", "bg", "lt", "lv", "et", "be", "kk", "ka", "tr"] as const;

/** How a method is called; one that a newer desk brings has no name yet. */
export function methodWords(code: string): string {
  const key = `forecast-method-${code}`;
  return has(key) ? t(key) : t("forecast-method-other");
}

/** A language, or that none was told. */
export function languageWords(code: string | null): string {
  return code === null ? t("forecast-language-untold") : languageName(code);
}

/** `09:00–18:00`. */
export function spanWords(from: number, until: number): string {
  return `${clock(from)}–${clock(until)}`;
}

/** A factor as what it adds or takes: `+15 %`. */
export function factorWords(factor: number | null): string {
  return signedPercent(factor === null ? null : factor - 1);
}

/** 0 is Monday. */
export function weekdayOf(iso: string): number {
  return (new Date(`${iso}T12:00:00Z`).getUTCDay() + 6) % 7;
}

/** Every day from the first to the last. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let at = first; at <= last && days.length < 400; at = plusDays(at, 1)) days.push(at);
  return days;
}

export const dayPath = (date: string): string => `/forecast/day/${date}`;

/** What is drawn of a day that is open. */
export function drawn(day: ForecastDay): { calls: number; low80: number; high80: number; low95: number; high95: number } | null {
  const { calls, low80, high80, low95, high95 } = day;
  if (day.closed || calls === null) return null;
  return { calls, low80: low80 ?? calls, high80: high80 ?? calls, low95: low95 ?? calls, high95: high95 ?? calls };
}
