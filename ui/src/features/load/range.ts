// Ranges of whole local days.
import { plusDays } from "@/features/desk/time";

export type Days = { from: string; to: string };

export const PRESETS = [7, 30, 90] as const;
export type Preset = (typeof PRESETS)[number];

/** So many days that end with `today`, today counted in. */
export function lastDays(today: string, days: number): Days {
  return { from: plusDays(today, 1 - days), to: today };
}

/** Both given and in order; a range typed backwards is turned round. */
export function ordered(days: Days): Days {
  return days.from <= days.to ? days : { from: days.to, to: days.from };
}

/** The day of `24.10.2026`, `24/10/2026` or `2026-10-24`; none while it is not whole or is on no calendar. */
export function readDay(text: string): string | null {
  const parts = /^\s*(\d{1,4})[.\-/ ](\d{1,2})[.\-/ ](\d{1,4})\s*$/.exec(text)?.slice(1) ?? [];
  const [year = "", month = "", day = ""] = parts[0]?.length === 4 ? parts : parts.toReversed();
  if (year.length !== 4) return null;
  const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const at = Date.parse(`${iso}T00:00:00Z`);
  // Some engines take 31 June for 1 July.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(iso) ? iso : null;
}
