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

export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}
