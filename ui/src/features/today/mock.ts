/* The day as it runs, without a desk: shifts of the plan, and presence that follows them almost. */
import { noise } from "@/features/plan/sample";
import { find, world } from "@/features/plan/mock";
import type { DayState, PresencePiece, TodayInterval, TodayPage, TodayPerson } from "@/lib/ipc";
import type { Handlers } from "@/lib/ipc/mock";

/** Always the same moment, so that pictures do not differ. */
const NOW = 13 * 60 + 40;

function today(): TodayPage {
  const date = new Date().toISOString().slice(0, 10);
  const plan = find("plan-now");
  const names = new Map(plan.people.map(({ id, name }) => [id, name]));
  const shifts = [...plan.shifts.values()].filter((shift) => shift.date === date);
  const people = shifts
    .map((shift, at): TodayPerson => {
      const spec = world().templates.find(({ id }) => id === shift.template)?.spec;
      const from = spec?.start_minute ?? 0;
      const until = from + (spec?.minutes ?? 0);
      const breaks = spec?.breaks ?? [];
      const late = at % 6 === 4 ? 14 + Math.floor(noise(at) * 20) : Math.floor(noise(at) * 4);
      const edges = [from + late, ...breaks.flatMap((one, turn) => {
        const shift = Math.round(noise(at * 5 + turn) * 8) - 3;
        const over = (at + turn) % 7 === 0 ? 9 : Math.round(noise(at + turn) * 3);
        return [from + one.after_minutes + shift, from + one.after_minutes + shift + one.minutes + over];
      }), until];
      const present: PresencePiece[] = [];
      if (at % 13 !== 9) {
        for (let turn = 0; turn + 1 < edges.length; turn += 1) {
          const [begin, end] = [edges[turn] ?? 0, Math.min(NOW, edges[turn + 1] ?? 0)];
          if (begin < NOW) present.push({ from_minute: begin, until_minute: end, state: turn % 2 === 0 ? "working" : "break" });
        }
      }
      const paused = breaks.some((one) => NOW >= from + one.after_minutes && NOW < from + one.after_minutes + one.minutes);
      const planned: DayState = NOW < from || NOW >= until ? "away" : paused ? "break" : "working";
      const actual: DayState = present.at(-1)?.until_minute === NOW ? (present.at(-1)?.state ?? "away") : "away";
      const missing = planned !== "away" && actual === "away";
      return {
        person: shift.person,
        name: names.get(shift.person) ?? "",
        from_minute: from,
        until_minute: until,
        breaks,
        meetings: at % 4 === 1 && from <= 600 && until >= 630 ? [{ title: plan.meetings[0]?.title ?? "", from_minute: 600, until_minute: 630 }] : [],
        present,
        planned_state: planned,
        actual_state: actual,
        late_minutes: missing ? NOW - from - 5 : planned === "working" && actual === "break" ? 7 : 0,
        adherence: NOW <= from ? null : missing ? 0 : Math.min(0.99, 0.97 - late / 200),
      };
    })
    .sort((a, b) => a.from_minute - b.from_minute || a.name.localeCompare(b.name));
  const intervals = Array.from({ length: 96 }, (_, slot): TodayInterval => {
    const minute = slot * 15;
    const planned = people.filter((one) => minute >= one.from_minute && minute < one.until_minute && !one.breaks.some((pause) => minute >= one.from_minute + pause.after_minutes && minute < one.from_minute + pause.after_minutes + pause.minutes)).length;
    const there = people.filter((one) => one.present.some((piece) => piece.state === "working" && minute >= piece.from_minute && minute < piece.until_minute)).length;
    const cover = plan.wanted.find((day) => day.date === date);
    const wanted = (cover?.lines ?? []).reduce((sum, line) => sum + (line.wanted[slot] ?? 0), 0);
    const swell = minute > 600 ? 1.06 : 1;
    return { minute, wanted: Math.round(wanted * swell * 10) / 10, planned, there: minute < NOW ? there : null };
  });
  const free = people.filter((one) => one.until_minute <= 17 * 60 + 30);
  return {
    date,
    zone: "Europe/Kyiv",
    now_minute: NOW,
    people,
    slot_minutes: 15,
    intervals,
    offers: free.slice(0, 4).map((one, at) =>
      at < 3
        ? { person: one.person, name: one.name, kind: "overtime", from_minute: one.until_minute, until_minute: one.until_minute + 120 }
        : { person: one.person, name: one.name, kind: "early_leave", from_minute: one.until_minute - 90, until_minute: one.until_minute },
    ),
    adherence: 0.914,
    conformance: 0.963,
    shrinkage_actual: 0.274,
    shrinkage_planned: 0.25,
    tolerance_minutes: 5,
    has_sample: true,
  };
}

export const handlers: Handlers = { today };
