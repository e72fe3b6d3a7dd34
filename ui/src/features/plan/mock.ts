/*
 * Plans without a desk: people, projects and shifts in memory. Edits, pins, the search and requests work;
 * `?people=200` makes a large centre.
 */
import { emit } from "@tauri-apps/api/event";
import { plusDays } from "@/features/desk/time";
import { i18n } from "@/lib/i18n/index.svelte";
import type {
  MultiSkillDay,
  BrokenRule,
  ContractView,
  CoverDay,
  LabourPreset,
  MeetingAsk,
  MeetingSpec,
  MeetingTimeView,
  MeetingView,
  Obstacle,
  PlanChoice,
  PlanDelta,
  PlanDifference,
  PlanEdit,
  PlanPage,
  PlanPerson,
  PlanStanding,
  PlanSummary,
  RuleKind,
  ServedLine,
  ShiftView,
  TemplateSpec,
  TemplateView,
  TimeOffView,
  UncoveredView,
} from "@/lib/ipc";
import { refuse, type Handlers } from "@/lib/ipc/mock";
import { nameOf, noise, templateSpecs, words } from "./sample";

const ZONE = "Europe/Kyiv";
const SLOT = 15;
const SLOTS = 96;
const DAY = 86_400_000;
const LINES = ["sample", "s1", "s2", "s3"];
/** `?plan=languages`: the last two lines are two languages of one client. */
let languages = new URLSearchParams(window.location.search).get("plan") === "languages";
const languageOf = (index: number): string | null => (languages ? ([null, null, "uk", "ru"][index] ?? null) : null);
const projectOf = (index: number): string => words().projects[languages && index === 3 ? 2 : index] ?? "";
/** How busy each hour is, and what each project has of it. */
const HOURS = [0.16, 0.12, 0.1, 0.08, 0.08, 0.1, 0.14, 0.3, 0.62, 0.86, 0.98, 1, 0.94, 0.86, 0.88, 0.92, 0.9, 0.86, 0.8, 0.72, 0.58, 0.42, 0.3, 0.22];
const WEEKDAYS = [1.08, 1, 0.96, 0.94, 1, 0.8, 0.72];
const SHARES = [0.5, 0.26, 0.15, 0.09];

interface Kept {
  summary: PlanSummary;
  days: PlanPage["days"];
  people: PlanPerson[];
  shifts: Map<string, ShiftView>;
  timeOff: TimeOffView[];
  wanted: CoverDay[];
  published: Map<string, string>;
  undo: { shifts: ShiftView[]; pinnedOff: string[] }[];
  /** `person|date` of days off that are pinned. */
  pinnedOff: Set<string>;
  meetings: MeetingView[];
  toldMeetings: Set<string>;
  solving: { began: number; limit: number; first: number; timer: ReturnType<typeof setInterval> } | null;
}

interface World {
  templates: TemplateView[];
  contracts: ContractView[];
  plans: Kept[];
}

const worlds = new Map<string, World>();
let ids = 0;
const fresh = (kind: string): string => `${kind}-${(ids += 1)}`;
const iso = (at: number): string => new Date(at).toISOString();
const weekdayOf = (date: string): number => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
/** Changes of all plans, so that one that is known is told from a newer one. */
let changes = 0;

function told(): void {
  changes += 1;
  void emit("changed", "plan");
}

/** Monday of this week. */
export function monday(): string {
  const today = iso(Date.now()).slice(0, 10);
  return plusDays(today, -weekdayOf(today));
}

function staffSize(): number {
  return Math.max(4, Math.min(400, Number(new URLSearchParams(window.location.search).get("people") ?? "34")));
}

function makeContracts(size: number): ContractView[] {
  const presets: LabourPreset[] = ["ua", "ua", "ua", "pl", "ua", "ru"];
  return Array.from({ length: size }, (_, at) => {
    const partTime = at % 9 === 7;
    const first = [0, 0, 1, 0, 1, 2, 0, 3, 0, 2][at % 10] ?? 0;
    const second = at % 3 === 0 ? (first + 1) % LINES.length : null;
    return {
      person: `w${at}`,
      name: nameOf(at),
      ...preset(presets[at % presets.length] ?? "ua"),
      ...(partTime ? { week_minutes: 1200, max_week_minutes: 1440 } : {}),
      ...(at % 4 === 1 ? { max_nights_in_a_row: 0 } : {}),
      lines: [LINES[first] ?? "", ...(second === null ? [] : [LINES[second] ?? ""])],
      planned: at % 17 !== 16,
      ...(at % 8 === 5 ? { weekdays: [0, 1, 2, 3, 4] } : {}),
      ...(at % 4 === 1 ? { never_given: ["t4"] } : {}),
    };
  }).sort((a, b) => a.name.localeCompare(b.name, i18n.tag));
}

function preset(country: LabourPreset): Omit<ContractView, "person" | "name" | "lines" | "planned"> {
  const common = { weekdays: [0, 1, 2, 3, 4, 5, 6], never_given: [], preset: country, week_minutes: 2400, max_day_minutes: 720, max_days_in_a_row: 6, min_days_off_in_a_row: 1, max_weekends_of_four: 3, max_nights_in_a_row: 3 };
  if (country === "pl") return { ...common, max_week_minutes: 2880, min_rest_minutes: 660, weekly_rest_minutes: 2100 };
  if (country === "ru") return { ...common, max_week_minutes: 2640, min_rest_minutes: 660, weekly_rest_minutes: 2520 };
  return { ...common, max_week_minutes: 2640, min_rest_minutes: 720, weekly_rest_minutes: 2520 };
}

export function world(): World {
  const known = worlds.get(i18n.language);
  if (known) return known;
  const made: World = { templates: templateSpecs().map((spec, at) => ({ id: `t${at}`, spec })), contracts: makeContracts(staffSize()), plans: [] };
  worlds.set(i18n.language, made);
  const first = monday();
  made.plans.push(makePlan(made, "plan-next", plusDays(first, 28), 4, "rough"));
  made.plans.push(makePlan(made, "plan-now", first, 4, "published"));
  made.plans.push(makePlan(made, "plan-before", plusDays(first, -28), 4, "published"));
  return made;
}

/** Forgets everything: each test begins anew. */
export function reset(apart = false): void {
  languages = apart;
  for (const { plans } of worlds.values()) for (const plan of plans) if (plan.solving) clearInterval(plan.solving.timer);
  worlds.clear();
  ids = 0;
}

function makePlan(at: World, id: string, first: string, weeks: number, how: "empty" | "rough" | "published"): Kept {
  const dates = Array.from({ length: weeks * 7 }, (_, day) => plusDays(first, day));
  const planned = at.contracts.filter(({ planned }) => planned);
  const wanted = dates.map((date) => demand(date, planned.length));
  const plan: Kept = {
    summary: { id, first_day: first, last_day: dates.at(-1) ?? first, published_at: null, changed_since: false, shifts: 0, made_at: iso(Date.now() - 3 * DAY) },
    days: dates.map((date, day) => ({
      date,
      holiday: date.endsWith("-12-25") ? words().holiday : null,
      wanted_hours: (wanted[day]?.lines ?? []).reduce((sum, { wanted: line }) => sum + line.reduce<number>((all, one) => all + (one ?? 0), 0), 0) / 4,
    })),
    people: planned.map(({ person, name, lines, week_minutes }) => ({ id: person, name, contract_minutes: week_minutes * weeks, planned_minutes: 0, lines, nights: 0, weekends: 0 })),
    shifts: new Map(),
    timeOff: [],
    wanted,
    published: new Map(),
    undo: [],
    pinnedOff: new Set(),
    meetings: [],
    toldMeetings: new Set(),
    solving: null,
  };
  planned.forEach(({ person }, index) => {
    if (how === "empty") return;
    const off = Math.floor(noise(index + 7) * dates.length);
    if (index % 5 === 2) for (let day = off; day < Math.min(dates.length, off + 5); day += 1) plan.timeOff.push({ person, date: dates[day] ?? first, wish: false });
    if (index % 4 === 3) plan.timeOff.push({ person, date: dates[(off + 9) % dates.length] ?? first, wish: true });
  });
  if (how !== "empty") {
    fill(at, plan, false);
    suit(at, plan);
    if (how === "rough") roughen(at, plan);
  }
  if (how !== "empty") settle(plan);
  if (how === "published") publish(plan, iso(Date.now() - 6 * DAY));
  if (id === "plan-now") {
    // Two changes since it was published, one pinned.
    const all = [...plan.shifts.values()];
    const [one, two] = [all[40], all[90]];
    if (one) put(plan, { ...one, template: "t3", ...times(at, one.date, "t3"), pinned: true });
    if (two) plan.shifts.delete(two.id);
    mark(plan);
  }
  return plan;
}

/** A few days off are pinned; there are a briefing and a training. */
function settle(plan: Kept): void {
  const taken = new Set([...plan.shifts.values()].map(({ person, date }) => `${person}|${date}`));
  plan.people.forEach(({ id }, index) => {
    for (const [day, { date }] of plan.days.entries()) {
      if (index % 6 === 4 && day % 9 === 5 && !taken.has(`${id}|${date}`)) plan.pinnedOff.add(`${id}|${date}`);
    }
  });
  const [briefing, training] = words().meetings;
  const meet = (kind: MeetingView["kind"], title: string, day: number, from_minute: number, minutes: number): void => {
    const date = plan.days[day]?.date ?? "";
    const people = plan.people.filter(({ id }) => taken.has(`${id}|${date}`)).slice(0, 8).map(({ id }) => id);
    plan.meetings.push({ id: fresh("meeting"), kind, title, date, from_minute, minutes, people, absent: [], changed: false });
  };
  meet("meeting", briefing, 2, 825, 30);
  const [, , me] = plan.people;
  meet("training", training, plan.days.findIndex(({ date }, day) => day > 8 && taken.has(`${me?.id}|${date}`)), 840, 90);
}

/** What is wanted is about what such a staff gives: a smooth curve over each project's weekday. */
function suit(at: World, plan: Kept): void {
  const cover = presence(at, plan);
  const weeks = cover.length / 7;
  plan.wanted = plan.wanted.map((day, index) => ({
    ...day,
    lines: day.lines.map((line, which) => ({
      ...line,
      wanted: line.wanted.map((_, slot) => {
        let sum = 0;
        for (let week = 0; week < weeks; week += 1) {
          const present = cover[week * 7 + (index % 7)]?.lines[which]?.present ?? [];
          for (let near = -7; near <= 7; near += 1) sum += present[(slot + near + SLOTS) % SLOTS] ?? 0;
        }
        const wobble = 0.9 + 0.12 * noise(index * 7 + which) + 0.06 * noise(slot + which * 200 + index);
        return Math.round((sum / weeks / 15) * wobble * (day.date.endsWith("-12-25") ? 0.5 : 1) * 10) / 10;
      }),
    })),
  }));
  plan.days = plan.days.map((day, index) => ({
    ...day,
    wanted_hours: (plan.wanted[index]?.lines ?? []).reduce((sum, line) => sum + line.wanted.reduce<number>((all, one) => all + (one ?? 0), 0), 0) / 4,
  }));
}

/** What a search has yet to mend: shifts missing here, the wrong ones there. */
function roughen(at: World, plan: Kept): void {
  for (const [index, shift] of [...plan.shifts.values()].entries()) {
    const chance = noise(index * 31 + 5);
    if (chance < 0.06) plan.shifts.delete(shift.id);
    else if (chance < 0.13 && shift.template !== "t5") put(plan, { ...shift, template: "t3", ...times(at, shift.date, "t3") });
  }
  recount(at, plan);
}

function demand(date: string, people: number): CoverDay {
  const week = WEEKDAYS[weekdayOf(date)] ?? 1;
  const holiday = date.endsWith("-12-25") ? 0.45 : 1;
  return {
    date,
    present_hours: 0,
    lines: LINES.map((line, at) => ({
      line,
      present: [],
      wanted: Array.from({ length: SLOTS }, (_, slot) => {
        const hour = HOURS[Math.floor(slot / 4)] ?? 0;
        const next = HOURS[Math.floor(slot / 4 + 1) % 24] ?? 0;
        const level = hour + ((next - hour) * (slot % 4)) / 4;
        const wobble = 0.94 + 0.12 * noise(slot + at * 200 + Date.parse(date) / DAY);
        return Math.round(level * week * holiday * wobble * people * 0.335 * (SHARES[at] ?? 0) * 10) / 10;
      }),
    })),
  };
}

/** Most of one weekly pattern per person, as people are used to. */
function fill(at: World, plan: Kept, rough: boolean): void {
  const weekly = [
    [0, 0, 0, 0, 0, -1, -1],
    [1, 1, 1, -1, -1, 1, 1],
    [-1, -1, 3, 3, 3, 3, 3],
    [2, 2, -1, -1, 2, 2, 2],
    [3, 3, 3, 3, 3, -1, -1],
    [1, 1, -1, 1, 1, 1, -1],
    [-1, 2, 2, 2, 2, -1, 2],
    [0, 0, 0, -1, -1, 0, 0],
    [3, -1, -1, 3, 3, 3, 3],
    [2, 2, 2, 2, -1, -1, 2],
    [-1, 4, 4, 4, -1, -1, 4],
  ];
  plan.people.forEach((person, index) => {
    const contract = at.contracts.find((one) => one.person === person.id);
    plan.days.forEach(({ date }, day) => {
      const week = Math.floor(day / 7);
      const row = weekly[(index * 3 + week * (index % 3)) % weekly.length] ?? [];
      let template = row[day % 7] ?? -1;
      if (rough && noise(index * 31 + day) < 0.16) template = noise(index + day * 17) < 0.5 ? -1 : 3;
      if (template < 0 || plan.timeOff.some((off) => off.person === person.id && off.date === date && !off.wish)) return;
      if ((contract?.week_minutes ?? 2400) < 2000) template = 5;
      if (template === 4 && contract?.max_nights_in_a_row === 0) template = 3;
      const line = person.lines[noise(index + day) < 0.8 ? 0 : person.lines.length - 1] ?? "";
      put(plan, { id: fresh("shift"), person: person.id, date, template: `t${template}`, line, ...times(at, date, `t${template}`), pinned: noise(index * 7 + day * 3) < 0.02, changed: false });
    });
  });
  // People with a fresh plan have few broken rules; those that stand out are mended by the caller of the search.
  for (const person of plan.people) {
    for (const { date, rule } of brokenOf(at, plan, person)) {
      if (rough && noise(Date.parse(date) / DAY) < 0.12) continue;
      if (rule === "min_minutes" || rule === "max_minutes") continue;
      for (const shift of shiftsOf(plan, person.id)) if (shift.date === date) plan.shifts.delete(shift.id);
    }
  }
  recount(at, plan);
}

function times(at: World, date: string, template: string): { start: string; end: string } {
  const spec = at.templates.find(({ id }) => id === template)?.spec;
  // Kyiv in winter: two hours ahead.
  const start = Date.parse(`${date}T00:00:00Z`) + ((spec?.start_minute ?? 0) - 120) * 60_000;
  return { start: iso(start), end: iso(start + (spec?.minutes ?? 0) * 60_000) };
}

function put(plan: Kept, shift: ShiftView): void {
  plan.shifts.set(shift.id, shift);
}

function shiftsOf(plan: Kept, person: string): ShiftView[] {
  return [...plan.shifts.values()].filter((shift) => shift.person === person).sort((a, b) => a.start.localeCompare(b.start));
}

function recount(at: World, plan: Kept): void {
  const sums = new Map<string, { minutes: number; nights: number; weekends: Set<number> }>();
  for (const shift of plan.shifts.values()) {
    const sum = sums.get(shift.person) ?? { minutes: 0, nights: 0, weekends: new Set<number>() };
    const spec = at.templates.find(({ id }) => id === shift.template)?.spec;
    sum.minutes += (spec?.minutes ?? 0) - (spec?.breaks ?? []).reduce((all, one) => all + (one.paid ? 0 : one.minutes), 0);
    if ((spec?.start_minute ?? 0) >= 1200) sum.nights += 1;
    if (weekdayOf(shift.date) > 4) sum.weekends.add(Math.floor(Date.parse(shift.date) / DAY / 7));
    sums.set(shift.person, sum);
  }
  plan.people = plan.people.map((person) => {
    const sum = sums.get(person.id);
    return { ...person, planned_minutes: sum?.minutes ?? 0, nights: sum?.nights ?? 0, weekends: sum?.weekends.size ?? 0 };
  });
  plan.summary = { ...plan.summary, shifts: plan.shifts.size };
}

function content(shift: ShiftView): string {
  return `${shift.person}|${shift.date}|${shift.template}|${shift.line}`;
}

function publish(plan: Kept, at: string): number {
  const before = new Set(plan.published.values());
  plan.published = new Map([...plan.shifts.values()].map((shift) => [shift.id, content(shift)]));
  plan.toldMeetings = new Set(plan.meetings.map(({ id }) => id));
  const changed = [...plan.published.values()].filter((one) => !before.has(one));
  plan.summary = { ...plan.summary, published_at: at, changed_since: false };
  mark(plan);
  return changed.length;
}

function mark(plan: Kept): void {
  if (plan.summary.published_at === null) return;
  const shown = new Set(plan.published.values());
  let differs = plan.shifts.size !== plan.published.size || plan.meetings.length !== plan.toldMeetings.size || plan.meetings.some(({ id }) => !plan.toldMeetings.has(id));
  for (const shift of plan.shifts.values()) {
    const changed = !shown.has(content(shift));
    differs ||= changed;
    if (changed !== shift.changed) put(plan, { ...shift, changed });
  }
  plan.summary = { ...plan.summary, changed_since: differs, shifts: plan.shifts.size };
}

function brokenOf(at: World, plan: Kept, person: PlanPerson): BrokenRule[] {
  const contract = at.contracts.find((one) => one.person === person.id);
  if (!contract) return [];
  const own = shiftsOf(plan, person.id);
  const found: BrokenRule[] = [];
  const say = (date: string, rule: RuleKind, is: number, limit: number): void => void found.push({ person: person.id, date, rule, is, limit });
  let row = 0;
  let nights = 0;
  own.forEach((shift, index) => {
    const before = own[index - 1];
    const spec = at.templates.find(({ id }) => id === shift.template)?.spec;
    const next = before !== undefined && Date.parse(shift.date) - Date.parse(before.date) === DAY;
    row = next ? row + 1 : 1;
    const night = (spec?.start_minute ?? 0) >= 1200;
    nights = night ? (next ? nights + 1 : 1) : 0;
    if (before?.date === shift.date) say(shift.date, "one_shift_a_day", 2, 1);
    else if (before) {
      const rest = (Date.parse(shift.start) - Date.parse(before.end)) / 60_000;
      if (rest < contract.min_rest_minutes) say(shift.date, "rest", rest, contract.min_rest_minutes);
    }
    if (row > contract.max_days_in_a_row) say(shift.date, "consecutive_days", row, contract.max_days_in_a_row);
    if (night && nights > contract.max_nights_in_a_row) say(shift.date, "nights", nights, contract.max_nights_in_a_row);
    if (!contract.lines.includes(shift.line)) say(shift.date, "skill", 0, 1);
    if (!spec?.weekdays.includes(weekdayOf(shift.date))) say(shift.date, "template_day", 0, 1);
    if (!contract.weekdays.includes(weekdayOf(shift.date))) say(shift.date, "weekday", 1, 0);
    if (contract.never_given.includes(shift.template)) say(shift.date, "forbidden", 1, 0);
    if (plan.timeOff.some((off) => off.person === person.id && off.date === shift.date && !off.wish)) say(shift.date, "time_off", 1, 0);
  });
  return found;
}

function presence(at: World, plan: Kept): CoverDay[] {
  const made = plan.wanted.map((day) => ({ ...day, lines: day.lines.map((line) => ({ ...line, present: Array.from({ length: SLOTS }, () => 0) })) }));
  const place = new Map(plan.days.map(({ date }, index) => [date, index]));
  for (const shift of plan.shifts.values()) {
    const spec = at.templates.find(({ id }) => id === shift.template)?.spec;
    const day = place.get(shift.date);
    if (!spec || day === undefined) continue;
    const line = LINES.indexOf(shift.line);
    const away = plan.meetings.filter((one) => one.date === shift.date && one.people.includes(shift.person));
    for (let minute = 0; minute < spec.minutes; minute += SLOT) {
      const clock = spec.start_minute + minute;
      if (away.some((one) => clock >= one.from_minute && clock < one.from_minute + one.minutes)) continue;
      if (spec.breaks.some((one) => minute >= one.after_minutes && minute < one.after_minutes + one.minutes)) continue;
      const slot = Math.floor((spec.start_minute + minute) / SLOT);
      const present = made[day + Math.floor(slot / SLOTS)]?.lines[line]?.present;
      const on = made[day + Math.floor(slot / SLOTS)];
      if (present && on) {
        present[slot % SLOTS] = (present[slot % SLOTS] ?? 0) + 1;
        on.present_hours = (on.present_hours ?? 0) + SLOT / 60;
      }
    }
  }
  return made;
}

function standing(at: World, plan: Kept, cover: CoverDay[]): PlanStanding {
  let [under, over] = [0, 0];
  const uncovered: UncoveredView[] = [];
  for (const day of cover) {
    for (const line of day.lines) {
      let run = null as { from: number; most: number } | null;
      for (let slot = 0; slot <= SLOTS; slot += 1) {
        const gap = slot < SLOTS ? (line.wanted[slot] ?? 0) - (line.present[slot] ?? 0) : 0;
        if (gap > 0) under += gap / 4;
        else over -= gap / 4;
        if (gap >= 1) run = { from: run?.from ?? slot, most: Math.max(run?.most ?? 0, gap) };
        else if (run) {
          if (slot - run.from >= 2) uncovered.push({ date: day.date, from_minute: run.from * SLOT, until_minute: slot * SLOT, line: line.line, missing: Math.round(run.most * 10) / 10, because: [] });
          run = null;
        }
      }
    }
  }
  uncovered.sort((a, b) => (b.missing ?? 0) - (a.missing ?? 0));
  const shown = uncovered.slice(0, 40).map((one) => ({ ...one, because: because(plan, one) }));
  const broken = plan.people.flatMap((person) => brokenOf(at, plan, person)).sort((a, b) => a.date.localeCompare(b.date));
  const taken = new Set([...plan.shifts.values()].map((shift) => `${shift.person}|${shift.date}`));
  const wishes = plan.timeOff.filter((off) => off.wish && taken.has(`${off.person}|${off.date}`)).length * 8;
  const hours = plan.people.reduce((sum, person) => sum + Math.abs(person.planned_minutes - person.contract_minutes), 0) / 600;
  const nights = plan.people.map((person) => person.nights);
  const mean = nights.reduce((sum, one) => sum + one, 0) / Math.max(1, nights.length);
  const fairness = nights.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 4;
  const changes = [...plan.shifts.values()].filter(({ changed }) => changed).length * 2;
  const parts = [
    { kind: "under" as const, cost: under * 2 },
    { kind: "over" as const, cost: over * 0.4 },
    { kind: "wishes" as const, cost: wishes },
    { kind: "fairness" as const, cost: fairness },
    { kind: "hours" as const, cost: hours },
    { kind: "changes" as const, cost: changes },
  ];
  const wanted = plan.days.reduce((sum, day) => sum + (day.wanted_hours ?? 0), 0);
  return {
    cost: parts.reduce((sum, part) => sum + part.cost, 0),
    parts,
    uncovered_hours: under,
    surplus_hours: over,
    service_level: plan.shifts.size === 0 ? 0 : Math.max(0, 0.93 - (under / wanted) * 0.75),
    broken,
    uncovered: shown,
    people_to_tell: new Set([...plan.shifts.values()].filter(({ changed }) => changed || plan.summary.published_at === null).map(({ person }) => person)).size,
  };
}

function because(plan: Kept, hole: UncoveredView): Obstacle[] {
  const counts = new Map<RuleKind, number>();
  const add = (rule: RuleKind): void => void counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const busy = new Set([...plan.shifts.values()].filter(({ date }) => date === hole.date).map(({ person }) => person));
  const away = new Set(plan.timeOff.filter(({ date, wish }) => date === hole.date && !wish).map(({ person }) => person));
  plan.people.forEach((person, index) => {
    if (!person.lines.includes(hole.line)) add("skill");
    else if (away.has(person.id)) add("time_off");
    else if (busy.has(person.id)) add("one_shift_a_day");
    else if (person.planned_minutes >= person.contract_minutes) add("max_minutes");
    else add(index % 3 === 0 ? "weekly_rest" : "rest");
  });
  return [...counts].map(([rule, people]) => ({ rule, people })).sort((a, b) => b.people - a.people);
}

export function find(id: string): Kept {
  return world().plans.find(({ summary }) => summary.id === id) ?? refuse("not-found");
}

function solvingView(plan: Kept, cost: number | null): PlanPage["solving"] {
  if (!plan.solving) return null;
  return { elapsed_s: (Date.now() - plan.solving.began) / 1000, limit_s: plan.solving.limit, cost, first_cost: plan.solving.first };
}

/** Where someone is in a stretch of a day. */
function attendance(at: World, plan: Kept, person: string, date: string, from: number, until: number): "here" | "busy" | "absent" {
  const shift = [...plan.shifts.values()].find((one) => one.person === person && one.date === date);
  const spec = at.templates.find(({ id }) => id === shift?.template)?.spec;
  if (!spec || spec.start_minute > from || spec.start_minute + spec.minutes < until) return "absent";
  const meets = (start: number, minutes: number): boolean => start < until && start + minutes > from;
  const pause = spec.breaks.some((one) => meets(spec.start_minute + one.after_minutes, one.minutes));
  const met = plan.meetings.some((one) => one.date === date && one.people.includes(person) && meets(one.from_minute, one.minutes));
  return pause || met ? "busy" : "here";
}

function meetingsOf(at: World, plan: Kept): MeetingView[] {
  const sorted = [...plan.meetings].sort((a, b) => a.date.localeCompare(b.date) || a.from_minute - b.from_minute);
  return sorted.map((one) => ({
    ...one,
    absent: one.people.filter((person) => attendance(at, plan, person, one.date, one.from_minute, one.from_minute + one.minutes) === "absent"),
    changed: plan.summary.published_at !== null && !plan.toldMeetings.has(one.id),
  }));
}

function meetingTimes({ id, ask }: { id: string; ask: MeetingAsk }): MeetingTimeView[] {
  const at = world();
  const plan = find(id);
  const cover = presence(at, plan);
  const lineOf = new Map([...plan.shifts.values()].map((shift) => [`${shift.person}|${shift.date}`, LINES.indexOf(shift.line)]));
  const all: (MeetingTimeView & { weight: number })[] = [];
  plan.days.forEach(({ date }, day) => {
    if (date < ask.from || date > ask.until) return;
    for (let from_minute = 420; from_minute + ask.minutes <= 1320; from_minute += SLOT) {
      const where = ask.people.map((person) => ({ person, is: attendance(at, plan, person, date, from_minute, from_minute + ask.minutes) }));
      const those = (is: string): string[] => where.filter((one) => one.is === is).map(({ person }) => person);
      const [absent, busy] = [those("absent"), those("busy")];
      if (absent.length === ask.people.length) continue;
      let missing = 0;
      for (const [line, row] of (cover[day]?.lines ?? []).entries()) {
        const lost = where.filter((one) => one.is === "here" && lineOf.get(`${one.person}|${date}`) === line).length;
        for (let slot = from_minute / SLOT; slot < (from_minute + ask.minutes) / SLOT; slot += 1) {
          const gap = (row.wanted[slot] ?? 0) - (row.present[slot] ?? 0);
          missing += Math.max(0, gap + lost) - Math.max(0, gap);
        }
      }
      missing /= ask.minutes / SLOT;
      all.push({ date, from_minute, missing, absent, busy, weight: missing + 2 * absent.length + busy.length });
    }
  });
  all.sort((a, b) => a.weight - b.weight || a.date.localeCompare(b.date) || a.from_minute - b.from_minute);
  const offered: MeetingTimeView[] = [];
  for (const { weight: _, ...time } of all) {
    if (offered.length === 6) break;
    if (!offered.some((one) => one.date === time.date && Math.abs(one.from_minute - time.from_minute) < ask.minutes)) offered.push(time);
  }
  return offered;
}

function placeMeeting({ id, spec }: { id: string; spec: MeetingSpec }): MeetingView {
  const plan = find(id);
  const made: MeetingView = { id: fresh("meeting"), ...spec, absent: [], changed: false };
  plan.meetings.push(made);
  mark(plan);
  told();
  return meetingsOf(world(), plan).find((one) => one.id === made.id) ?? made;
}

const daysOff = (plan: Kept): PlanPage["pinned_off"] =>
  [...plan.pinnedOff].map((key) => {
    const [person = "", date = ""] = key.split("|");
    return { person, date };
  });

export function page({ id }: { id: string }): PlanPage {
  const at = world();
  const plan = find(id);
  const cover = presence(at, plan);
  const stands = standing(at, plan, cover);
  return {
    plan: plan.summary,
    version: changes,
    zone: ZONE,
    days: plan.days,
    people: plan.people,
    templates: at.templates,
    lines: LINES.map((shop, index) => ({ shop, name: projectOf(index), language: languageOf(index), index })),
    shifts: [...plan.shifts.values()],
    time_off: plan.timeOff,
    pinned_off: daysOff(plan),
    meetings: meetingsOf(at, plan),
    standing: stands,
    slot_minutes: SLOT,
    cover,
    solving: solvingView(plan, stands.cost),
  };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function edit({ id, edit }: { id: string; edit: PlanEdit }): PlanDelta {
  const at = world();
  const plan = find(id);
  const before = { shifts: new Map(plan.shifts), cover: presence(at, plan), people: plan.people };
  const stood = standing(at, plan, before.cover);
  const held = (shift: string): ShiftView => plan.shifts.get(shift) ?? refuse("not-found");
  const clear = (person: string, date: string, but?: string): void => {
    for (const shift of [...plan.shifts.values()]) if (shift.person === person && shift.date === date && shift.id !== but) plan.shifts.delete(shift.id);
  };
  if (edit.edit === "undo") {
    const last = plan.undo.pop();
    if (!last) refuse("not-found");
    plan.shifts = new Map(last.shifts.map((shift) => [shift.id, shift]));
    plan.pinnedOff = new Set(last.pinnedOff);
  } else {
    plan.undo.push({ shifts: [...plan.shifts.values()], pinnedOff: [...plan.pinnedOff] });
    if (edit.edit === "give" || edit.edit === "move" || edit.edit === "copy") plan.pinnedOff.delete(`${edit.person}|${edit.date}`);
    if (edit.edit === "give") {
      clear(edit.person, edit.date);
      const line = edit.line ?? plan.people.find((one) => one.id === edit.person)?.lines[0] ?? LINES[0] ?? "";
      put(plan, { id: fresh("shift"), person: edit.person, date: edit.date, template: edit.template, line, ...times(at, edit.date, edit.template), pinned: true, changed: false });
    } else if (edit.edit === "move") {
      const shift = held(edit.shift);
      clear(edit.person, edit.date, shift.id);
      put(plan, { ...shift, person: edit.person, date: edit.date, ...times(at, edit.date, shift.template), pinned: true });
    } else if (edit.edit === "copy") {
      const shift = held(edit.shift);
      clear(edit.person, edit.date);
      put(plan, { ...shift, id: fresh("shift"), person: edit.person, date: edit.date, ...times(at, edit.date, shift.template), pinned: true });
    } else if (edit.edit === "pin_off") {
      const key = `${edit.person}|${edit.date}`;
      if (edit.pinned) plan.pinnedOff.add(key);
      else plan.pinnedOff.delete(key);
    } else if (edit.edit === "remove") plan.shifts.delete(held(edit.shift).id);
    else put(plan, { ...held(edit.shift), pinned: edit.pinned });
  }
  mark(plan);
  recount(at, plan);
  const cover = presence(at, plan);
  const stands = standing(at, plan, cover);
  const known = new Set(stood.broken.map((one) => JSON.stringify(one)));
  changes += 1;
  return {
    plan: plan.summary,
    version: changes,
    removed: [...before.shifts.keys()].filter((shift) => !plan.shifts.has(shift)),
    changed: [...plan.shifts.values()].filter((shift) => before.shifts.get(shift.id) !== shift),
    pinned_off: daysOff(plan),
    meetings: meetingsOf(at, plan),
    people: plan.people.filter((person, index) => !same(person, before.people[index])),
    cover: cover.filter((day, index) => !same(day, before.cover[index])),
    standing: stands,
    cost_change: (stands.cost ?? 0) - (stood.cost ?? 0),
    newly_broken: stands.broken.filter((one) => !known.has(JSON.stringify(one))),
  };
}

/** Tries one shift elsewhere and keeps it where that is better. */
function improve(at: World, plan: Kept, seed: number, from: string | null): void {
  const cover = presence(at, plan);
  const loads = (day: number, line: number, template: TemplateSpec, sign: number): number => {
    let sum = 0;
    for (let minute = 0; minute < template.minutes; minute += SLOT) {
      const slot = Math.floor((template.start_minute + minute) / SLOT);
      const row = cover[day + Math.floor(slot / SLOTS)]?.lines[line];
      const gap = (row?.wanted[slot % SLOTS] ?? 0) - (row?.present[slot % SLOTS] ?? 0);
      sum += sign > 0 ? Math.min(1, Math.max(-0.3, gap)) : -Math.min(1, Math.max(-0.3, gap + 1));
    }
    return sum;
  };
  for (let turn = 0; turn < 40; turn += 1) {
    const key = seed * 40 + turn;
    const person = plan.people[Math.floor(noise(key) * plan.people.length)];
    const day = Math.floor(noise(key + 0.5) * plan.days.length);
    const date = plan.days[day]?.date ?? "";
    if (!person || (from !== null && date < from) || plan.pinnedOff.has(`${person.id}|${date}`)) continue;
    const now = [...plan.shifts.values()].find((shift) => shift.person === person.id && shift.date === date);
    if (now?.pinned) continue;
    const choice = Math.floor(noise(key + 0.25) * 6);
    const template = at.templates[choice];
    if (!template || (choice === 5) !== person.contract_minutes < 8000) continue;
    const line = person.lines[Math.floor(noise(key + 0.75) * person.lines.length)] ?? "";
    const was = now ? at.templates.find(({ id }) => id === now.template)?.spec : undefined;
    const room = person.contract_minutes - person.planned_minutes;
    const more = template.spec.minutes - (was?.minutes ?? 0);
    if (room < more) continue;
    const gain = loads(day, LINES.indexOf(line), template.spec, 1) + (now && was ? loads(day, LINES.indexOf(now.line), was, -1) : 2);
    if (gain <= 1) continue;
    const stood = brokenOf(at, plan, person).length;
    if (now) plan.shifts.delete(now.id);
    const made: ShiftView = { id: now?.id ?? fresh("shift"), person: person.id, date, template: template.id, line, ...times(at, date, template.id), pinned: false, changed: false };
    put(plan, made);
    if (brokenOf(at, plan, person).length > stood) {
      plan.shifts.delete(made.id);
      if (now) put(plan, now);
    } else {
      mark(plan);
      recount(at, plan);
      break;
    }
  }
}

function solve({ id, seconds, replanFrom }: { id: string; seconds: number; replanFrom: string | null }): null {
  const at = world();
  const plan = find(id);
  if (plan.solving) return null;
  if (plan.shifts.size === 0) fill(at, plan, true);
  const first = standing(at, plan, presence(at, plan)).cost ?? 0;
  let turn = 0;
  const timer = setInterval(() => {
    for (let step = 0; step < 12; step += 1) improve(at, plan, (turn += 1), replanFrom);
    const over = plan.solving !== null && (Date.now() - plan.solving.began) / 1000 >= plan.solving.limit;
    if (over) end(plan);
    else told();
  }, 400);
  plan.solving = { began: Date.now(), limit: seconds, first, timer };
  told();
  return null;
}

function end(plan: Kept): void {
  if (plan.solving) clearInterval(plan.solving.timer);
  plan.solving = null;
  told();
}

export const handlers: Handlers = {
  plans: () => world().plans.map(({ summary }) => summary),
  make_plan: ({ firstDay, weeks }: { firstDay: string; weeks: number }) => {
    const at = world();
    const made = makePlan(at, fresh("plan"), firstDay, weeks, "empty");
    at.plans = [made, ...at.plans];
    told();
    return made.summary;
  },
  plan_page: ({ id, known }: { id: string; known: number | null }) => {
    const shown = page({ id });
    return shown.solving === null && shown.version === known ? null : shown;
  },
  plan_choices: ({ id, person, date, line }: { id: string; person: string; date: string; line: string | null }): PlanChoice[] =>
    world().templates.map(({ id: template }) => {
      const { cost_change, newly_broken } = edit({ id, edit: { edit: "give", person, date, template, line } });
      edit({ id, edit: { edit: "undo" } });
      return { template, cost_change, newly_broken };
    }),
  plan_multi_skill: ({ id, date }: { id: string; date: string }): MultiSkillDay => {
    const lines = page({ id }).lines.map(({ shop, index }) => ({ line: shop, calls: 420 - 130 * index, single: 0.86 - 0.09 * index, multi: 0.91 - 0.03 * index }));
    return { date, multi_skilled: lines.length > 1 ? 7 : 0, lines, single: 0.81, multi: 0.9 };
  },
  drop_plan: ({ id }: { id: string }) => {
    const plan = find(id);
    end(plan);
    world().plans = world().plans.filter((one) => one !== plan);
    told();
    return null;
  },
  edit_plan: edit,
  meeting_times: meetingTimes,
  place_meeting: placeMeeting,
  remove_meeting: ({ id, meeting }: { id: string; meeting: string }) => {
    const plan = find(id);
    plan.meetings = plan.meetings.filter((one) => one.id !== meeting);
    mark(plan);
    told();
    return null;
  },
  solve_plan: solve,
  stop_solving: ({ id }: { id: string }) => {
    end(find(id));
    return null;
  },
  publish_plan: ({ id }: { id: string }) => {
    const plan = find(id);
    const before = new Map(plan.published);
    const people = new Set([...plan.shifts.values()].filter((shift) => before.get(shift.id) !== content(shift)).map(({ person }) => person));
    const shifts_changed = publish(plan, iso(Date.now()));
    told();
    return { id: fresh("fact"), people_told: people.size, shifts_changed };
  },
  compare_plans: ({ left, right }: { left: string; right: string }) => {
    const [one, other] = [page({ id: left }), page({ id: right })];
    const code = (at: PlanPage, person: string, day: number): string | null => {
      const shift = at.shifts.find((shift) => shift.person === person && shift.date === at.days[day]?.date);
      return at.templates.find(({ id }) => id === shift?.template)?.spec.code ?? null;
    };
    const differences = one.people.flatMap((person) =>
      one.days.flatMap(({ date }, day): PlanDifference[] => {
        const [l, r] = [code(one, person.id, day), code(other, person.id, day)];
        return l === r ? [] : [{ person: person.id, name: person.name, date, left: l, right: r }];
      }),
    );
    const common_days = one.days.filter(({ date }) => other.days.some((day) => day.date === date)).length;
    return { left: one.plan, left_standing: one.standing, right: other.plan, right_standing: other.standing, common_days, differences };
  },
  contracts: () => world().contracts,
  served_lines: (): ServedLine[] =>
    LINES.map((line, index) => {
      const language = languageOf(index);
      const shop = language === null ? line : "bilingual";
      return { line, shop, also: language === null ? [] : [shop], name: projectOf(index), language };
    }),
  set_contract: ({ contract }: { contract: ContractView }) => {
    world().contracts = world().contracts.map((one) => (one.person === contract.person ? contract : one));
    told();
    return null;
  },
  preset_contract: ({ person, preset: country }: { person: string; preset: LabourPreset }) => {
    const known = world().contracts.find((one) => one.person === person) ?? refuse("not-found");
    return { ...known, ...preset(country) };
  },
  templates: () => world().templates,
  set_template: ({ id, spec }: { id: string | null; spec: TemplateSpec }) => {
    const made: TemplateView = { id: id ?? fresh("t"), spec };
    const at = world();
    at.templates = id === null ? [...at.templates, made] : at.templates.map((one) => (one.id === id ? made : one));
    told();
    return made;
  },
  remove_template: ({ id }: { id: string }) => {
    world().templates = world().templates.filter((one) => one.id !== id);
    told();
    return null;
  },
  export_plan: ({ format }: { format: string }) => `~/dzvinok-plan.${format === "payroll" ? "csv" : format}`,
};
