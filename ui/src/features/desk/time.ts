// Wall-clock arithmetic: a customer's local time to and from UTC.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A local date and time as the fields of a form hold them. */
export type Wall = { date: string; time: string };

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  let known = formatters.get(zone);
  if (!known) {
    known = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formatters.set(zone, known);
  }
  return known;
}

/** What the wall clock of a zone shows at a moment. */
export function wallOf(at: number, zone: string): Wall {
  const parts: Record<string, string> = {};
  for (const part of formatter(zone).formatToParts(at)) parts[part.type] = part.value;
  return {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}`,
  };
}

function offsetOf(at: number, zone: string): number {
  const whole = Math.floor(at / MINUTE) * MINUTE;
  const wall = wallOf(whole, zone);
  return Date.parse(`${wall.date}T${wall.time}:00Z`) - whole;
}

/** The moment at which the wall clock of a zone shows this; none for an unreadable date or time. */
export function momentOf(wall: Wall, zone: string): number | null {
  const asUtc = Date.parse(`${wall.date}T${wall.time}:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(wall.date) || Number.isNaN(asUtc)) return null;
  const first = asUtc - offsetOf(asUtc, zone);
  // The offset may differ at the moment itself when the clocks change that day.
  return asUtc - offsetOf(first, zone);
}

/** A day so many days after a date. */
export function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

export type QuickTime = { id: "hour" | "evening" | "tomorrow"; at: number };

/** Times to call back that are offered with one press, in the customer's zone. */
export function quickTimes(now: number, zone: string): QuickTime[] {
  const step = 5 * MINUTE;
  const wall = wallOf(now, zone);
  const tomorrow = plusDays(wall.date, 1);
  const choices: [QuickTime["id"], number | null][] = [
    ["hour", Math.ceil((now + HOUR) / step) * step],
    ["evening", momentOf({ date: wall.date, time: "18:30" }, zone)],
    ["tomorrow", momentOf({ date: tomorrow, time: "10:00" }, zone)],
  ];
  return choices.flatMap(([id, at]) => (at !== null && at > now + HOUR / 2 ? [{ id, at }] : []));
}

/** A time of day as people type it: `9`, `930`, `9:30`, `18.30`; none when it cannot be read. */
export function readTime(text: string): string | null {
  const match = /^\s*(\d{1,2})(?:\s*[:.,\-\s]\s*(\d{2})|(\d{2}))?\s*$/.exec(text);
  if (!match) return null;
  const [hour, minute] = [Number(match[1]), Number(match[2] ?? match[3] ?? "0")];
  if (hour > 23 || minute > 59) return null;
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}
