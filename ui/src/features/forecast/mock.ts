/* The forecast without a desk: `?forecast=empty`, `?forecast=short`, `?forecast=borrowed` begin there. */
import { emit } from "@tauri-apps/api/event";
import { plusDays, wallOf } from "@/features/desk/time";
import { i18n } from "@/lib/i18n/index.svelte";
import type {
  ForecastDay,
  ForecastDayView,
  ForecastPage,
  ForecastRequest,
  HeatCellView,
  HeatKind,
  ImportFault,
  ImportReport,
  ImportRequest,
  ImportView,
  IntervalView,
  Language,
  NewOverride,
  NewSpecialDay,
  OutlierVerdict,
  OverrideView,
  SnapshotView,
  SpecialDayView,
  StaffingBound,
  StaffingDay,
  StaffingInterval,
  StaffingRequest,
  StaffingRules,
  StaffingView,
  WorkChannel,
} from "@/lib/ipc";
import { refuse, type Handlers } from "@/lib/ipc/mock";
import { weekdayOf } from "./words";

type Words = Record<Language, string>;
const say = (words: Words): string => words[i18n.language];
const ZONE = "Europe/Kyiv";
const SLOT = 30;

/** Even noise without chance: pictures must not differ from one run to the next. */
function noise(seed: number): number {
  const wave = Math.sin(seed * 12.9898) * 43_758.5453;
  return wave - Math.floor(wave);
}

/** Share of a day's calls by hour, and of a usual day by weekday, Monday first. */
const HOURS = [0, 0, 0, 0, 0, 0, 0, 0, 0.35, 0.78, 1.06, 1.16, 1.02, 0.84, 0.8, 0.88, 0.95, 1.02, 1.08, 0.86, 0.55, 0, 0, 0];
const DAYS = [1.16, 1.04, 0.98, 0.96, 1.02, 0.62, 0];
const CLIENTS = [
  { id: "s1", name: "Техношок", inbound: 640, outbound: 410 },
  { id: "s2", name: "AGD Serce", inbound: 305, outbound: 220 },
  { id: "s3", name: "Kettle & Co", inbound: 96, outbound: 74 },
];
const SAMPLE: Words = { uk: "Побут-Центр", ru: "Дом Техники", pl: "Dom AGD", en: "Hearth & Home" };
const PLANNER: Words = { uk: "Ігор Ґалаґан", ru: "Игорь Мельников", pl: "Łukasz Żółtowski", en: "Grace Whitfield" };
const clients = (): typeof CLIENTS => [...CLIENTS, { id: "sample", name: say(SAMPLE), inbound: 420, outbound: 360 }];

interface State {
  scene: string;
  overrides: OverrideView[];
  imports: ImportView[];
  own: (SpecialDayView & { shop: string | null })[];
  verdicts: Map<string, OutlierVerdict | null>;
  snapshots: SnapshotView[];
  rules: Map<string, StaffingRules>;
  /** Whether an import that tells languages is in force. */
  spoken: boolean;
  /** What the staffing was asked by last. */
  staffing: StaffingRequest[];
}

let scene = "";
let made: State | null = null;
/** Made when it is first asked for: by then the language is known. */
const now = (): State => (made ??= fresh(scene));
const today = (): string => wallOf(Date.now(), ZONE).date;
const at = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

/** A working day so many days from today, or the next one. */
function workday(days: number): string {
  const date = plusDays(today(), days);
  return DAYS[weekdayOf(date)] === 0 ? plusDays(date, 1) : date;
}

export function begin(wish = new URLSearchParams(window.location.search).get("forecast") ?? ""): void {
  scene = wish;
  made = null;
}

function fresh(scene: string): State {
  return {
    scene,
    overrides: [
      {
        id: "v1",
        shop: "s1",
        date: workday(4),
        from_minute: 10 * 60,
        until_minute: 16 * 60,
        factor: 1.25,
        reason: say({
          uk: "Розсилка про знижку на чайники о 10:00",
          ru: "Рассылка о скидке на чайники в 10:00",
          pl: "Mailing o rabacie na czajniki o 10:00",
          en: "Mailing about the kettle discount at 10:00",
        }),
        by: say(PLANNER),
        at: at(-1.2),
      },
    ],
    imports: scene === "empty" ? [] : [
      { id: "i2", file: "calls-2026-h2.csv", rows: 4_368, calls: 78_114, first_day: plusDays(today(), -182), last_day: plusDays(today(), -1), at: at(-0.6), by: say(PLANNER) },
      { id: "i1", file: "asterisk-cdr-2025.csv", rows: 8_760, calls: 152_902, first_day: plusDays(today(), -547), last_day: plusDays(today(), -183), at: at(-96), by: say(PLANNER) },
    ],
    own: [
      {
        shop: "s1",
        date: workday(9),
        kind: "promotion",
        name: say({ uk: "Чорна п’ятниця", ru: "Чёрная пятница", pl: "Black Friday", en: "Black Friday" }),
        open: null,
        own: true,
        effect: 1.62,
      },
    ],
    verdicts: new Map<string, OutlierVerdict | null>([[workday(-17), "left_out"]]),
    snapshots: [
      { id: "n3", at: at(-2), by: say(PLANNER), first_day: plusDays(today(), -2), last_day: plusDays(today(), 25), days_over: 2, day_wape: 0.031 },
      { id: "n2", at: at(-16), by: say(PLANNER), first_day: plusDays(today(), -16), last_day: plusDays(today(), 11), days_over: 16, day_wape: 0.047 },
      { id: "n1", at: at(-30), by: say(PLANNER), first_day: plusDays(today(), -30), last_day: plusDays(today(), -3), days_over: 28, day_wape: 0.058 },
    ],
    rules: new Map(),
    spoken: true,
    staffing: [],
  };
}

/** What the staffing has been asked by. */
export const staffingAsked = (): readonly StaffingRequest[] => now().staffing;

const told = (): void => void emit("changed", "forecast");

function special(shop: string | null): SpecialDayView[] {
  const found: SpecialDayView[] = [
    {
      date: workday(-31),
      kind: "holiday",
      name: say({ uk: "День захисників", ru: "День защитников", pl: "Święto państwowe", en: "Bank holiday" }),
      open: null,
      own: false,
      effect: 0.58,
    },
    ...now().own.filter((one) => one.shop === null || shop === null || one.shop === shop).map(({ shop: _, ...one }) => one),
    { date: workday(24), kind: "eve", name: say({ uk: "Переддень свята", ru: "Канун праздника", pl: "Wigilia święta", en: "Eve" }), open: { from_minute: 0, until_minute: 900 }, own: false, effect: 0.81 },
    { date: workday(25), kind: "holiday", name: say({ uk: "Різдво", ru: "Рождество", pl: "Boże Narodzenie", en: "Christmas Day" }), open: null, own: false, effect: null },
  ];
  return found.sort((a, b) => a.date.localeCompare(b.date));
}

/** The first client's calls come in two languages. */
const BILINGUAL = "s1";
const LANGUAGES = [
  { language: "uk", share: 0.71 },
  { language: "ru", share: 0.29 },
];
/** The language that is asked for. */
let spoken: string | null = null;
const spokenShare = (): number => LANGUAGES.find(({ language }) => language === spoken)?.share ?? 1;

function base(shop: string | null, channel: WorkChannel): number {
  const all = clients().filter(({ id }) => shop === null || id === shop).reduce((sum, one) => sum + one[channel], 0);
  return all * spokenShare();
}

const number = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000;

/** What the model says of a day. */
function model(shop: string | null, channel: WorkChannel, date: string): number {
  const effect = special(shop).find((one) => one.date === date)?.effect ?? 1;
  return base(shop, channel) * (DAYS[weekdayOf(date)] ?? 0) * effect * (1 + 0.035 * Math.sin(number(date) / 9));
}

function came(shop: string | null, channel: WorkChannel, date: string): number | null {
  const expected = model(shop, channel, date);
  if (expected === 0) return null;
  const odd = date === workday(-17) ? 1.74 : date === workday(-38) ? 0.46 : 1;
  return Math.round(expected * odd * (0.91 + 0.18 * noise(number(date))));
}

function factor(shop: string | null, date: string, minute: number): number {
  const share = (of: string): number => (shop === null ? (clients().find(({ id }) => id === of)?.inbound ?? 0) / base(null, "inbound") : 1);
  return now().overrides
    .filter((one) => one.date === date && (shop === null || one.shop === shop) && one.from_minute <= minute && minute < one.until_minute)
    .reduce((product, one) => product * (1 + ((one.factor ?? 1) - 1) * share(one.shop)), 1);
}

/** Intervals of a day, without people. */
function slots(shop: string | null, channel: WorkChannel, date: string): { minute: number; calls: number; model: number }[] {
  const day = model(shop, channel, date);
  if (day === 0) return [];
  const saturday = weekdayOf(date) === 5;
  const open = HOURS.map((share, hour) => (saturday && (hour < 10 || hour > 17) ? 0 : share));
  const whole = open.reduce((sum, share) => sum + share, 0);
  return open.flatMap((share, hour) =>
    share === 0
      ? []
      : [0, SLOT].map((half) => {
          const minute = hour * 60 + half;
          const expected = (day * share * (half === 0 ? 0.97 : 1.03)) / whole / 2;
          return { minute, model: expected, calls: expected * factor(shop, date, minute) };
        }),
  );
}

const aht = (minute: number): number => 186 + 22 * Math.sin(minute / 190);

function spread(calls: number, share: number): { low80: number; high80: number; low95: number; high95: number } {
  const deviation = Math.sqrt(calls + (share * calls) ** 2);
  return {
    low80: Math.max(0, calls - 1.2816 * deviation),
    high80: calls + 1.2816 * deviation,
    low95: Math.max(0, calls - 1.96 * deviation),
    high95: calls + 1.96 * deviation,
  };
}

function nowMinute(): number {
  const [hours = 0, minutes = 0] = wallOf(Date.now(), ZONE).time.split(":").map(Number);
  return hours * 60 + minutes;
}

function forecastDay(shop: string | null, channel: WorkChannel, date: string): ForecastDay {
  const all = slots(shop, channel, date);
  const calls = all.reduce((sum, one) => sum + one.calls, 0);
  const plain = all.reduce((sum, one) => sum + one.model, 0);
  const running = date === today() ? all.filter(({ minute }) => minute + SLOT <= nowMinute()) : [];
  return {
    date,
    calls,
    model_calls: plain,
    ...spread(calls, 0.055 + 0.0006 * Math.max(0, number(date) - number(today()))),
    aht_s: calls === 0 ? null : 188.4,
    closed: calls === 0,
    special: special(shop).find((one) => one.date === date)?.kind ?? null,
    overridden: Math.abs(calls - plain) > 0.01,
    actual: running.length === 0 ? null : Math.round(running.reduce((sum, one) => sum + one.calls * 1.07, 0)),
  };
}

const USUAL: StaffingRules = {
  service_level: 0.8,
  threshold_s: 20,
  definition: "of_offered",
  patience_s: 180,
  max_occupancy: 0.85,
  max_asa_s: null,
  max_abandonment: null,
  shrinkage: [
    { kind: "leave", share: 0.09 },
    { kind: "sickness", share: 0.04 },
    { kind: "training", share: 0.03 },
    { kind: "meetings", share: 0.02 },
    { kind: "breaks", share: 0.08 },
  ],
  allow_for_error: true,
  outbound_deadline_h: 4,
  interval_minutes: null,
  open: DAYS.flatMap((share, weekday) =>
    share === 0 ? [] : [{ weekday, from_minute: weekday === 5 ? 600 : 480, until_minute: weekday === 5 ? 1080 : 1260 }],
  ),
  team: null,
  languages_apart: false,
};
const rulesOf = (shop: string): StaffingRules => now().rules.get(shop) ?? USUAL;

/** Erlang C by its stable recursion: the share that waits. */
function waiting(load: number, people: number): number {
  let blocked = 1;
  for (let one = 1; one <= people; one += 1) blocked = (load * blocked) / (one + load * blocked);
  return people <= load ? 1 : blocked / (1 - (load / people) * (1 - blocked));
}

function staffed(calls: number, minute: number, rules: StaffingRules, confirmations: number): StaffingInterval {
  const handle = aht(minute);
  const load = (calls * handle) / (SLOT * 60);
  const goal = rules.service_level ?? 0.8;
  const within = (people: number): number =>
    people <= load ? 0 : 1 - waiting(load, people) * Math.exp((-(people - load) * rules.threshold_s) / handle);
  let people = Math.max(1, Math.ceil(load));
  while (within(people) < goal && people < 5000) people += 1;
  let bound: StaffingBound = "service_level";
  while (rules.max_occupancy !== null && load / people > rules.max_occupancy) {
    people += 1;
    bound = "occupancy";
  }
  const lost = rules.patience_s === null ? 0 : waiting(load, people) * 0.3 * Math.exp(-rules.patience_s / 240);
  const share = rules.shrinkage.reduce((sum, part) => sum + (part.share ?? 0), 0);
  const all = people + Math.ceil(confirmations);
  return {
    minute,
    calls,
    aht_s: handle,
    erlangs: load,
    inbound_agents: people,
    outbound_agents: confirmations,
    agents: all,
    paid_agents: Math.ceil(all / (1 - share)),
    service_level: Math.min(1, within(people)),
    asa_s: people <= load ? null : (waiting(load, people) * handle) / (people - load),
    abandonment: lost,
    occupancy: Math.min(1, (load + confirmations) / all),
    bound_by: bound,
  };
}

/** Two queues want more people than one. */
function staffedDay(shop: string, date: string, rules: StaffingRules, load: number): StaffingDay {
  if (!rules.languages_apart || shop !== BILINGUAL || spoken !== null) return oneQueue(shop, date, rules, load);
  const days = LANGUAGES.map(({ language }) => {
    spoken = language;
    return oneQueue(shop, date, rules, load);
  });
  spoken = null;
  return days.reduce((one, other) => ({
    ...one,
    intervals: one.intervals.map((slot, index) => {
      const more = other.intervals[index] ?? slot;
      return {
        ...slot,
        calls: (slot.calls ?? 0) + (more.calls ?? 0),
        erlangs: (slot.erlangs ?? 0) + (more.erlangs ?? 0),
        inbound_agents: slot.inbound_agents + more.inbound_agents,
        agents: slot.agents + more.agents,
        paid_agents: slot.paid_agents + more.paid_agents,
      };
    }),
    line_hours: (one.line_hours ?? 0) + (other.line_hours ?? 0),
    paid_hours: (one.paid_hours ?? 0) + (other.paid_hours ?? 0),
    peak_agents: one.peak_agents + other.peak_agents,
  }));
}

function oneQueue(shop: string, date: string, rules: StaffingRules, load: number): StaffingDay {
  const plan = slots(shop, "inbound", date);
  const highest = Math.max(1, ...plan.map(({ calls }) => calls));
  const outbound = base(shop, "outbound") / 110;
  const intervals = plan.map(({ minute, calls }) => {
    const room = Math.max(0, 1.35 - calls / highest);
    return staffed(calls * load, minute, rules, Math.round(outbound * room * 10) / 10);
  });
  // A queue that cannot be served has no service level.
  const told = now().scene === "unstable" ? intervals.map((one, index) => (index === 5 ? { ...one, service_level: null, asa_s: null } : one)) : intervals;
  const calls = told.reduce((sum, one) => sum + (one.calls ?? 0), 0);
  const hours = (of: (one: StaffingInterval) => number): number => told.reduce((sum, one) => sum + (of(one) * SLOT) / 60, 0);
  return {
    intervals: told,
    line_hours: hours((one) => one.agents),
    paid_hours: hours((one) => one.paid_agents),
    peak_agents: Math.max(0, ...told.map((one) => one.agents)),
    service_level: calls === 0 ? null : told.reduce((sum, one) => sum + (one.service_level ?? 0) * (one.calls ?? 0), 0) / calls,
    occupancy: calls === 0 ? null : told.reduce((sum, one) => sum + (one.occupancy ?? 0) * one.agents, 0) / Math.max(1, told.reduce((sum, one) => sum + one.agents, 0)),
    late_tasks: load > 1.3 ? Math.round((load - 1.3) * 60) : 0,
  };
}

function heat(shop: string | null, channel: WorkChannel, kind: HeatKind): HeatCellView[] {
  // The first week after today that has no special day.
  const monday = plusDays(today(), 7 - weekdayOf(today()));
  const values = Array.from({ length: 7 }, (_, weekday) => {
    const day = slots(shop, channel, plusDays(monday, weekday));
    return Array.from({ length: 24 }, (_, hour): number | null => {
      const within = day.filter(({ minute }) => Math.floor(minute / 60) === hour);
      if (within.length === 0) return null;
      const calls = within.reduce((sum, one) => sum + one.model, 0);
      const seed = weekday * 24 + hour;
      if (kind === "forecast") return calls;
      if (kind === "history") return calls * (0.93 + 0.14 * noise(seed));
      if (kind === "error") return (noise(seed * 3 + 1) - 0.48) * (hour < 10 || hour > 18 ? 0.34 : 0.17);
      return within.reduce((sum, { minute, model: expected }) => sum + staffed(expected, minute, USUAL, 0).agents, 0) / within.length;
    });
  });
  const highest = Math.max(1, ...values.flat().map((value) => value ?? 0));
  return values.flatMap((row, weekday) =>
    row.map((value, hour) => {
      let level = 0;
      if (value !== null && kind === "error") {
        const size = Math.abs(value);
        level = Math.sign(value) * (size < 0.02 ? 0 : size < 0.06 ? 1 : size < 0.11 ? 2 : 3);
      } else if (value !== null && value > 0) level = Math.min(6, 1 + Math.floor((value / highest) * 5.99));
      return { weekday, hour, value, level };
    }),
  );
}

function page({ request }: { request: ForecastRequest }): ForecastPage {
  const { shop, channel, language, weeks } = request;
  if (language !== null && !now().spoken) refuse("language-untold");
  spoken = language;
  const empty = now().scene === "empty" || (now().scene === "short" && shop !== null);
  const past = Array.from({ length: 56 }, (_, index) => plusDays(today(), index - 56));
  const outliers = [workday(-17), workday(-38)].map((date) => ({
    date,
    calls: came(shop, channel, date) ?? 0,
    expected: model(shop, channel, date),
    verdict: now().verdicts.get(date) ?? null,
  }));
  const recent = past.map((date) => ({ date, calls: came(shop, channel, date), left_out: now().verdicts.get(date) === "left_out" }));
  const days = Array.from({ length: weeks * 7 }, (_, index) => forecastDay(shop, channel, plusDays(today(), index)));
  const chosen = clients().filter(({ id }) => shop === null || id === shop);
  const whole = chosen.reduce((sum, one) => sum + one[channel], 0);
  const isBilingual = shop === BILINGUAL && channel === "inbound" && !empty && now().spoken;
  const have = now().scene === "empty" ? 0 : now().scene === "short" ? 5 : 468;
  return {
    zone: ZONE,
    slot_minutes: SLOT,
    history: {
      first_day: have === 0 ? null : plusDays(today(), -have * 1.169),
      last_day: have === 0 ? null : plusDays(today(), -1),
      days: have,
      calls: have * 560,
      aht_s: have === 0 ? null : 188.4,
      recent: empty ? [] : recent,
      days_missing: now().scene === "empty" ? 14 : now().scene === "short" ? 9 : 0,
    },
    imports: shop === "s1" || shop === null ? now().imports : [],
    days: empty ? [] : days,
    heat: empty ? [] : (["history", "forecast", "error", "staffing"] as const).map((kind) => ({ kind, cells: heat(shop, channel, kind) })),
    explanation: empty
      ? null
      : now().scene === "borrowed"
        ? {
            methods: [
              { code: "borrowed", weight: 0.7, wape: 0.142 },
              { code: "last_week", weight: 0.3, wape: 0.181 },
            ],
            why: "borrowed",
            origins: 1,
            score: { wape: 0.142, day_wape: 0.098, bias: -0.021, cov80: 0.77, cov95: 0.93 },
            borrowed_from: "Техношок",
            intake_gain: null,
          }
        : {
            methods: [
              { code: "calendar_median", weight: 0.38, wape: 0.061 },
              { code: "trimmed_mean12", weight: 0.27, wape: 0.062 },
              { code: "median8", weight: 0.2, wape: 0.063 },
              { code: "ewma", weight: 0.15, wape: 0.067 },
            ],
            why: language === "ru" ? "share" : "tied",
            origins: 9,
            score: { wape: 0.0584, day_wape: 0.0421, bias: 0.0112, cov80: 0.806, cov95: 0.948 },
            borrowed_from: null,
            intake_gain: channel === "outbound" ? 0.31 : null,
          },
    outliers: empty ? [] : outliers,
    special_days: special(shop),
    overrides: now().overrides.filter((one) => shop === null || one.shop === shop),
    languages: isBilingual ? LANGUAGES.map((one) => ({ ...one, calls: Math.round(have * 560 * one.share) })) : [],
    contributions: isBilingual ? chosen.flatMap((one) => LANGUAGES.map(({ language: code, share }) => ({
      shop: one.id,
      name: one.name,
      language: code,
      calls: (share / spokenShare()) * days.reduce((sum, day) => sum + (day.calls ?? 0), 0),
      share,
    }))) : chosen.map((one) => ({
      shop: one.id,
      name: one.name,
      language: null,
      calls: (one[channel] / Math.max(1, whole)) * days.reduce((sum, day) => sum + (day.calls ?? 0), 0),
      share: one[channel] / Math.max(1, whole),
    })),
    snapshots: empty ? [] : now().snapshots,
    alarms: empty
      ? []
      : [
          { shop: "s1", name: "Техношок", kind: "day", deviation: 0.071, limit: 0.05 },
          { shop: "s1", name: "Техношок", kind: "peak_hour", deviation: 0.114, limit: 0.08 },
        ],
  };
}

function dayView({ shop, channel, language, date }: { shop: string | null; channel: WorkChannel; language: string | null; date: string }): ForecastDayView {
  spoken = language;
  const running = date === today() ? nowMinute() : -1;
  const intervals = slots(shop, channel, date).map(
    ({ minute, calls, model: expected }, index): IntervalView => ({
      minute,
      calls,
      model_calls: expected,
      ...spread(calls, 0.08),
      aht_s: aht(minute),
      actual: minute + SLOT <= running ? Math.round(calls * (0.95 + 0.24 * noise(index))) : null,
      agents: staffed(calls, minute, USUAL, 0).agents,
    }),
  );
  return { date, slot_minutes: SLOT, intervals };
}

/** The desk reads any code page; here it is UTF-8. */
function written(content: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0)));
}

/** A look at a report: good enough for pictures and tests. */
function report({ request }: { request: ImportRequest }): ImportReport {
  const lines = written(request.content).split(/\r?\n/).filter((line) => line.trim() !== "");
  const faults: ImportFault[] = [];
  const seen = new Set<string>();
  let calls = 0;
  const head = /[a-zа-яїієґ]/i.test(lines[0] ?? "") ? 1 : 0;
  const dates: string[] = [];
  if (lines.length === head) faults.push({ line: 1, fault: "empty", found: "" });
  lines.slice(head).forEach((text, index) => {
    const line = index + 1 + head;
    const [when = "", many = ""] = text.split(/[;,\t]/).map((part) => part.trim());
    if (!/^(\d{4}-\d{2}-\d{2}|\d{2}\.\d{2}\.\d{4})[ T]\d{2}:\d{2}/.test(when)) faults.push({ line, fault: "bad_time", found: when });
    else if (!/^\d+$/.test(many)) faults.push({ line, fault: "bad_count", found: many });
    else if (seen.has(when)) faults.push({ line, fault: "twice", found: when });
    else {
      seen.add(when);
      calls += Number(many);
      dates.push(when.slice(0, 10).includes(".") ? when.slice(0, 10).split(".").reverse().join("-") : when.slice(0, 10));
    }
  });
  dates.sort();
  const kept = request.keep && faults.length === 0;
  if (kept) {
    now().scene = "";
    now().imports = [
      { id: `i${Date.now()}`, file: request.file, rows: seen.size, calls, first_day: dates[0] ?? today(), last_day: dates.at(-1) ?? today(), at: at(0), by: say(PLANNER) },
      ...now().imports,
    ];
    told();
  }
  return {
    rows: lines.length - head,
    calls,
    slot_minutes: 30,
    first_day: dates[0] ?? null,
    last_day: dates.at(-1) ?? null,
    has_handle_time: (lines[head]?.split(/[;,\t]/).length ?? 0) > 2,
    languages: request.language === null ? [] : [{ language: request.language, calls, share: 1 }],
    replaced: 0,
    faults: faults.slice(0, 50),
    fault_count: faults.length,
    kept,
  };
}

export const handlers: Handlers = {
  forecast_page: page,
  forecast_day: dayView,
  import_history: report,
  withdraw_import: ({ id }: { id: string }) => {
    now().imports = now().imports.filter((one) => one.id !== id);
    now().spoken = false;
    told();
    return null;
  },
  set_outlier: ({ date, verdict }: { date: string; verdict: OutlierVerdict | null }) => {
    now().verdicts.set(date, verdict);
    told();
    return null;
  },
  add_special_day: ({ day }: { day: NewSpecialDay }) => {
    now().own = [...now().own, { ...day, own: true, effect: null }];
    told();
    return null;
  },
  remove_special_day: ({ date }: { date: string }) => {
    now().own = now().own.filter((one) => one.date !== date);
    told();
    return null;
  },
  override_forecast: ({ change }: { change: NewOverride }) => {
    if (change.reason === "") refuse("not-found");
    const { percent, channel: _, ...rest } = change;
    now().overrides = [...now().overrides, { ...rest, id: `v${now().overrides.length + 2}`, factor: 1 + (percent ?? 0) / 100, by: say(PLANNER), at: at(0) }];
    told();
    return null;
  },
  withdraw_override: ({ id }: { id: string }) => {
    now().overrides = now().overrides.filter((one) => one.id !== id);
    told();
    return null;
  },
  publish_forecast: ({ request }: { request: ForecastRequest }) => {
    now().snapshots = [
      { id: `n${now().snapshots.length + 1}`, at: at(0), by: say(PLANNER), first_day: today(), last_day: plusDays(today(), request.weeks * 7 - 1), days_over: 0, day_wape: null },
      ...now().snapshots,
    ];
    told();
    return null;
  },
  staffing: ({ request }: { request: StaffingRequest }): StaffingView => {
    now().staffing = [...now().staffing, request];
    spoken = request.language;
    const rules = rulesOf(request.shop);
    const load = request.load_factor ?? 1;
    return {
      rules,
      is_own: now().rules.has(request.shop),
      slot_minutes: SLOT,
      now: staffedDay(request.shop, request.date, rules, 1),
      what_if: request.what_if || load !== 1 ? staffedDay(request.shop, request.date, request.what_if ?? rules, load) : null,
    };
  },
  set_staffing_rules: ({ shop, rules }: { shop: string; rules: StaffingRules }) => {
    now().rules.set(shop, rules);
    told();
    return null;
  },
};

begin();
