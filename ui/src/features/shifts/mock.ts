/* One's own shifts and everyone's requests without a desk. `?shifts=none` is an operator nothing was published for. */
import { emit } from "@tauri-apps/api/event";
import { plusDays } from "@/features/desk/time";
import { find, monday, world } from "@/features/plan/mock";
import { words } from "@/features/plan/sample";
import { i18n } from "@/lib/i18n/index.svelte";
import type { MyShift, MyShifts, NewRequest, RequestAction, RequestState, RequestView, ShiftView } from "@/lib/ipc";
import { refuse, type Handlers } from "@/lib/ipc/mock";

const ZONE = "Europe/Kyiv";
const LINES = ["sample", "s1", "s2", "s3"];
const lists = new Map<string, RequestView[]>();
let ids = 0;

const today = (): string => new Date().toISOString().slice(0, 10);
const ago = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

export function reset(): void {
  lists.clear();
  ids = 0;
}

function mine(shift: ShiftView): MyShift {
  const spec = world().templates.find(({ id }) => id === shift.template)?.spec;
  return {
    id: shift.id,
    date: shift.date,
    name: spec?.name ?? "",
    start: shift.start,
    end: shift.end,
    begun: shift.start <= new Date().toISOString(),
    breaks: spec?.breaks ?? [],
    line_name: words().projects[LINES.indexOf(shift.line)] ?? "",
    line_language: null,
    meetings: [],
  };
}

function shiftsOf(person: string, from: string): MyShift[] {
  return [...find("plan-now").shifts.values(), ...find("plan-next").shifts.values()]
    .filter((shift) => shift.person === person && shift.date >= from && shift.date <= find("plan-now").summary.last_day)
    .sort((a, b) => a.start.localeCompare(b.start))
    .map(mine);
}

/** With the meetings that fall into it. */
function withMeetings(shift: MyShift): MyShift {
  const told = find("plan-now").meetings.filter((one) => one.date === shift.date && one.people.includes(self().id));
  const meetings = told.map(({ id, kind, title, from_minute, minutes }) => {
    // Kyiv in winter: two hours ahead.
    const start = Date.parse(`${shift.date}T00:00:00Z`) + (from_minute - 120) * 60_000;
    return { id, kind, title, start: new Date(start).toISOString(), end: new Date(start + minutes * 60_000).toISOString() };
  });
  return { ...shift, meetings: meetings.filter((one) => one.start < shift.end && shift.start < one.end) };
}

/** Whose shifts are shown: the first in the list who has no nights. */
function self(): { id: string; name: string } {
  return world().plans[1]?.people[2] ?? refuse("not-found");
}

function requests(): RequestView[] {
  const known = lists.get(i18n.language);
  if (known) return known;
  const people = world().plans[1]?.people ?? [];
  const [swap, leave, wish] = words().reasons;
  const at = plusDays(today(), 3);
  const ask = (person: number, change: Partial<RequestView>): RequestView => {
    const asker = people[person];
    return {
      id: `request-${(ids += 1)}`,
      person: asker?.id ?? "",
      name: asker?.name ?? "",
      kind: "time_off",
      shift: null,
      with: null,
      with_name: "",
      theirs: null,
      from: null,
      until: null,
      reason: "",
      at: ago(3),
      state: "asked_supervisor",
      answer: "",
      would_break: [],
      may: ["approve", "decline"],
      ...change,
    };
  };
  const give = (person: number): MyShift | null => shiftsOf(people[person]?.id ?? "", at)[0] ?? null;
  const made = [
    ask(4, {
      kind: "swap",
      shift: give(4),
      with: people[6]?.id ?? null,
      with_name: people[6]?.name ?? "",
      theirs: shiftsOf(people[6]?.id ?? "", at)[1] ?? null,
      reason: swap,
      at: ago(2),
      would_break: [{ person: people[6]?.id ?? "", date: plusDays(at, 1), rule: "rest", is: 480, limit: 720 }],
    }),
    ask(9, { from: plusDays(monday(), 18), until: plusDays(monday(), 20), reason: leave, at: ago(5) }),
    ask(2, { kind: "wish", from: plusDays(monday(), 27), until: plusDays(monday(), 27), reason: wish, at: ago(21) }),
    ask(7, { kind: "swap", shift: give(7), with: people[2]?.id ?? null, with_name: people[2]?.name ?? "", reason: swap, at: ago(26), state: "asked_colleague", may: [] }),
    ask(2, { from: plusDays(monday(), -9), until: plusDays(monday(), -8), reason: leave, at: ago(300), state: "approved", may: [] }),
    ask(11, { kind: "wish", from: plusDays(monday(), 5), until: plusDays(monday(), 6), reason: wish, at: ago(70), state: "declined", may: [] }),
  ];
  lists.set(i18n.language, made);
  return made;
}

/** What the person whose shifts are shown may do. */
function asSelf(request: RequestView): RequestView {
  const me = self().id;
  const open = request.state === "asked_colleague" || request.state === "asked_supervisor";
  const may: RequestAction[] = request.person === me ? (open ? ["withdraw"] : []) : request.state === "asked_colleague" ? ["agree", "decline"] : [];
  return { ...request, may, would_break: [] };
}

function myShifts(): MyShifts {
  const me = self();
  const empty = new URLSearchParams(window.location.search).get("shifts") === "none";
  const own = requests().filter((request) => request.person === me.id || request.with === me.id);
  return {
    zone: ZONE,
    today: today(),
    shifts: empty ? [] : shiftsOf(me.id, monday()).map(withMeetings),
    requests: empty ? [] : own.map(asSelf).sort((a, b) => b.at.localeCompare(a.at)),
    colleagues: (world().plans[1]?.people ?? []).filter(({ id }) => id !== me.id).map(({ id, name }) => ({ person: id, name, shifts: shiftsOf(id, today()) })),
    published_until: empty ? null : find("plan-now").summary.last_day,
  };
}

function ask({ request }: { request: NewRequest }): null {
  const me = self();
  const swap = request.ask === "swap" ? request : null;
  const off = request.ask === "time_off" ? request : null;
  const shift = (id: string | null | undefined): MyShift | null => {
    const found = id ? find("plan-now").shifts.get(id) : undefined;
    return found ? mine(found) : null;
  };
  const made: RequestView = {
    id: `request-${(ids += 1)}`,
    person: me.id,
    name: me.name,
    kind: swap ? "swap" : off?.wish ? "wish" : "time_off",
    shift: shift(swap?.shift),
    with: swap?.with ?? null,
    with_name: world().plans[1]?.people.find(({ id }) => id === swap?.with)?.name ?? "",
    theirs: shift(swap?.theirs),
    from: off?.from ?? null,
    until: off?.until ?? null,
    reason: request.reason,
    at: new Date().toISOString(),
    state: swap ? "asked_colleague" : "asked_supervisor",
    answer: "",
    would_break: [],
    may: swap ? [] : ["approve", "decline"],
  };
  lists.set(i18n.language, [made, ...requests()]);
  void emit("changed", "plan");
  return null;
}

const BECOMES: Record<RequestAction, RequestState> = { agree: "asked_supervisor", approve: "approved", decline: "declined", withdraw: "withdrawn" };

function answer({ id, action, words: said }: { id: string; action: RequestAction; words: string }): null {
  lists.set(
    i18n.language,
    requests().map((one) => (one.id === id ? { ...one, state: BECOMES[action], answer: said, may: action === "agree" ? ["approve", "decline"] : [] } : one)),
  );
  void emit("changed", "plan");
  return null;
}

export const handlers: Handlers = {
  my_shifts: myShifts,
  ask_request: ask,
  requests: () => requests().filter(({ state }) => state !== "asked_colleague" && state !== "withdrawn"),
  answer_request: answer,
  export_my_shifts: () => "~/my-shifts.ics",
};
