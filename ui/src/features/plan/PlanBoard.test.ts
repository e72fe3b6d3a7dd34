import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, beforeEach, expect, it } from "vitest";
import { handlers as shiftHandlers, reset as resetShifts } from "@/features/shifts/mock";
import { handlers as todayHandlers } from "@/features/today/mock";
import { i18n } from "@/lib/i18n/index.svelte";
import type { PlanEdit, PlanPage as PlanPageView, ServedLine, ShiftView } from "@/lib/ipc";
import { listenToKeys } from "@/lib/keyboard.svelte";
import { dismiss, toasts } from "@/lib/toasts.svelte";
import { readHours } from "./hours";
import { handlers, page as pageOf, reset, world } from "./mock";
import PlanPage from "./PlanPage.svelte";
import { steps } from "./skyline";
import { brokenWords, hm, served, signed } from "./words";

let edits: PlanEdit[];
let asked: { command: string; args: Record<string, unknown> }[];
let deaf: () => void;

beforeEach(async () => {
  reset();
  resetShifts();
  edits = [];
  asked = [];
  await i18n.use("en");
  mockIPC(
    (command, args) => {
      const given = (args ?? {}) as Record<string, unknown>;
      asked.push({ command, args: given });
      if (command === "edit_plan") edits.push(given.edit as PlanEdit);
      if (command === "shops") return [{ id: "sample", name: "Hearth & Home" }, { id: "s1", name: "Kettle & Co" }];
      return { ...handlers, ...shiftHandlers, ...todayHandlers }[command]?.(args as never);
    },
    { shouldMockEvents: true },
  );
  deaf = listenToKeys();
});

afterEach(() => {
  cleanup();
  deaf();
  reset();
  for (const { id } of toasts()) dismiss(id);
  clearMocks();
});

async function open(hash: string): Promise<void> {
  window.location.hash = hash;
  window.dispatchEvent(new HashChangeEvent("hashchange"));
  render(PlanPage);
}

async function grid(id = "plan-next"): Promise<HTMLElement> {
  await open(`/plan/${id}`);
  const found = await screen.findByTestId("plan-grid");
  found.focus();
  return found;
}

async function key(code: string, more: Partial<KeyboardEventInit> = {}): Promise<void> {
  await fireEvent.keyDown(document.activeElement ?? document.body, { code, ...more });
}

const data = (id = "plan-next"): PlanPageView => pageOf({ id });
const cell = (row: number, date: string): HTMLElement => screen.getByTestId(`cell-${row}-${date}`);
/** The cell where it holds a shift. */
const filled = (row: number, date: string): HTMLElement | null => (cell(row, date).dataset.shift ? cell(row, date) : null);

/** Walks the frame to a cell from the first one. */
async function walk(row: number, column: number): Promise<void> {
  for (let step = 0; step < row; step += 1) await key("ArrowDown");
  for (let step = 0; step < column; step += 1) await key("ArrowRight");
}

/** An early shift the day after an evening one of the same person: too little rest once it is moved there. */
function shortRest(): { early: ShiftView; row: number; from: number; to: number } {
  const { people, shifts, days, templates } = data();
  const at = (person: string, column: number): ShiftView | undefined => shifts.find((one) => one.person === person && one.date === days[column]?.date);
  const late = (one: ShiftView | undefined): boolean => (templates.find(({ id }) => id === one?.template)?.spec.start_minute ?? 0) === 810;
  for (const [row, person] of people.slice(0, 12).entries()) {
    for (let to = 1; to < 13; to += 1) {
      if (!late(at(person.id, to - 1)) || at(person.id, to)) continue;
      for (let from = 0; from < 14; from += 1) {
        for (const [giver, other] of people.slice(0, 12).entries()) {
          const early = at(other.id, from);
          if (giver === row && early?.template === "t0") return { early, row, from, to };
          if (early && early.template === "t0" && giver !== row && person.lines.includes(early.line) && from === to) return { early, row, from, to };
        }
      }
    }
  }
  throw new Error("the made-up plan holds no such place");
}

it("shows a row for each person with a cell for each day, the code and the project's letter in it", async () => {
  await grid();
  const { people, days, shifts, templates, lines } = data();
  expect(screen.getByTestId("plan-grid").getAttribute("aria-rowcount")).toBe(String(people.length + 1));
  const first = shifts.find((one) => one.person === people[0]?.id);
  const shown = filled(0, first?.date ?? "");
  const line = lines.find(({ shop }) => shop === first?.line)?.index ?? -1;
  expect(shown?.ariaLabel).toContain(templates.find(({ id }) => id === first?.template)?.spec.code);
  expect(shown?.ariaLabel, "readable without colour").toContain("ABCD"[line]);
  expect(within(screen.getByTestId("plan-grid")).getAllByTestId(/^day-/)).toHaveLength(days.length);
});

it("moves a shift by keys, shows it where it is put, says what it costs and which rule it breaks", async () => {
  await grid();
  const { early, row, to } = shortRest();
  const { people, days } = data();
  const giver = people.findIndex(({ id }) => id === early.person);
  const from = days.findIndex(({ date }) => date === early.date);
  await walk(giver, from);
  await key("KeyM");
  expect(screen.getByTestId("plan-ghost")).toBeTruthy();
  for (let step = giver; step < row; step += 1) await key("ArrowDown");
  for (let step = giver; step > row; step -= 1) await key("ArrowUp");
  for (let step = from; step < to; step += 1) await key("ArrowRight");
  for (let step = from; step > to; step -= 1) await key("ArrowLeft");
  await key("Enter");
  const date = days[to]?.date ?? "";
  await waitFor(() => expect(filled(row, date)?.dataset.shift).toBe(early.id));
  expect(edits).toEqual([{ edit: "move", shift: early.id, person: people[row]?.id, date }]);
  expect(filled(giver, early.date)?.dataset.shift, "it is gone from where it was").not.toBe(early.id);
  const broken = screen.getAllByTestId("newly-broken");
  const rest = broken.find((one) => one.dataset.rule === "rest");
  expect(rest?.textContent, "who and by how much").toMatch(new RegExp(`${people[row]?.name}.*rest of \\d+:\\d\\d between shifts, at least 1[12]:00`));
  expect(screen.getByTestId("cost-change").textContent).toMatch(/Cost [+−0]/);
  expect(cell(row, date).dataset.broken).toBe("true");
  expect(screen.getAllByTestId("broken-row").some((one) => one.dataset.rule === "rest" && one.dataset.date === date)).toBe(true);
  await key("KeyZ", { ctrlKey: true });
  await waitFor(() => expect(filled(giver, early.date)?.dataset.shift, "taken back").toBe(early.id));
});

it("carries nothing away when it is let go", async () => {
  await grid();
  const { shifts, people, days } = data();
  const column = days.findIndex(({ date }) => shifts.some((one) => one.person === people[0]?.id && one.date === date));
  await walk(0, column);
  await key("KeyM");
  await key("ArrowDown");
  await key("Escape");
  expect(screen.queryByTestId("plan-ghost")).toBeNull();
  expect(edits).toEqual([]);
});

it("pins, takes away, copies and puts back by keys", async () => {
  await grid();
  const { shifts, people, days } = data();
  const own = shifts.find((one) => one.person === people[0]?.id && !one.pinned);
  const column = days.findIndex(({ date }) => date === own?.date);
  const date = own?.date ?? "";
  await walk(0, column);
  await key("KeyP");
  await waitFor(() => expect(filled(0, date)?.dataset.pinned).toBe("true"));
  await key("KeyC", { ctrlKey: true });
  await key("Delete");
  await waitFor(() => expect(filled(0, date)).toBeNull());
  await key("KeyV", { ctrlKey: true });
  await waitFor(() => expect(filled(0, date)).not.toBeNull());
  expect(edits.map(({ edit }) => edit), "what was copied is gone, so one like it is given").toEqual(["pin", "remove", "give"]);
});

it("pins a day off by key and from the menu, and takes it back", async () => {
  await grid();
  const { shifts, people, days, pinned_off } = data();
  const person = people[0]?.id;
  const free = (date: string): boolean => !shifts.some((one) => one.person === person && one.date === date) && !pinned_off.some((one) => one.person === person && one.date === date);
  const column = days.findIndex(({ date }) => free(date));
  const date = days[column]?.date ?? "";
  const pinned = (): string | undefined => cell(0, date).dataset.offPinned;
  await walk(0, column);
  await key("KeyP");
  await waitFor(() => expect(pinned()).toBe("true"));
  expect(cell(0, date).ariaLabel, "readable without colour").toContain("off");
  expect(screen.getByTestId("plan-cursor").getAttribute("aria-label")).toContain("day off, pinned");
  await key("KeyZ", { ctrlKey: true });
  await waitFor(() => expect(pinned(), "taken back").toBeUndefined());
  await key("Enter");
  await fireEvent.click(await screen.findByTestId("shift-pin"));
  await waitFor(() => expect(pinned()).toBe("true"));
  expect(edits).toEqual([{ edit: "pin_off", person, date, pinned: true }, { edit: "undo" }, { edit: "pin_off", person, date, pinned: true }]);
});

it("places a briefing of picked people by keys alone at the time that hurts least", async () => {
  await grid();
  const { people, meetings } = data();
  await key("KeyM", { ctrlKey: true });
  const dialog = await screen.findByRole("dialog");
  await fireEvent.input(within(dialog).getByTestId("meeting-title"), { target: { value: "Fire drill" } });
  await fireEvent.change(within(dialog).getByTestId("meeting-who"), { target: { value: "picked" } });
  const find = within(dialog).getByTestId("meeting-find");
  const chosen = people.slice(3, 6);
  for (const { name } of chosen) {
    await fireEvent.input(find, { target: { value: name } });
    await fireEvent.keyDown(find, { code: "Enter" });
  }
  expect(asked.some(({ command }) => command === "place_meeting"), "Enter picks while a name is typed").toBe(false);
  const first = (await within(dialog).findAllByTestId("meeting-time"))[0] as HTMLElement;
  await waitFor(() => expect(asked.findLast(({ command }) => command === "meeting_times")?.args).toMatchObject({ id: "plan-next", ask: { minutes: 30, people: chosen.map(({ id }) => id) } }));
  expect(within(first).getByTestId("meeting-cost").textContent, "its cost in words").toMatch(/stays covered|short on the line for 30 min/);
  expect(within(first).getByTestId("meeting-absent").textContent).toMatch(/everyone is at work|Not at work: /);
  await waitFor(() => expect(within(dialog).getAllByTestId("meeting-time").length).toBeGreaterThan(1));
  const best = within(dialog).getAllByTestId("meeting-time")[0] as HTMLElement;
  const [date, from] = [best.dataset.date ?? "", Number(best.dataset.from)];
  await fireEvent.keyDown(find, { code: "Enter" });
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(asked.find(({ command }) => command === "place_meeting")?.args).toEqual({
    id: "plan-next",
    spec: { kind: "meeting", title: "Fire drill", people: chosen.map(({ id }) => id), date, from_minute: from, minutes: 30 },
  });
  await waitFor(() => expect(data().meetings).toHaveLength(meetings.length + 1));
  await waitFor(() => expect(within(screen.getByTestId(`day-${date}`)).getAllByTestId("head-meeting").length, "it is marked in the day's head").toBeGreaterThan(0));
  expect(screen.getByTestId(`day-${date}`).getAttribute("aria-label")).toContain("Fire drill");
});

it("shows a day's meetings and takes one away", async () => {
  const one = data().meetings[0];
  await open(`/plan/plan-next/day/${one?.date}`);
  const row = await screen.findByTestId("day-meeting");
  expect(row.textContent).toContain(one?.title);
  expect(row.textContent).toContain(`${(one?.people.length ?? 0) - (one?.absent.length ?? 0)} of ${one?.people.length} at work`);
  await fireEvent.click(within(row).getByTestId("meeting-remove"));
  await waitFor(() => expect(screen.queryByTestId("day-meeting")).toBeNull());
  expect(asked.find(({ command }) => command === "remove_meeting")?.args).toEqual({ id: "plan-next", meeting: one?.id });
});

it("says in a contract which weekdays and shifts it rules out", async () => {
  await open("/plan/contracts");
  const { templates } = data();
  const known = world().contracts.find(({ weekdays, never_given }) => weekdays.length === 7 && never_given.length === 0);
  const night = templates[4];
  await fireEvent.click(await screen.findByText(known?.name ?? ""));
  const dialog = await screen.findByRole("dialog");
  await fireEvent.click(within(dialog).getByTestId("contract-day-6"));
  await fireEvent.click(within(dialog).getByTestId(`never-${night?.spec.code}`));
  await fireEvent.click(within(dialog).getByTestId("contract-save"));
  await waitFor(() =>
    expect(asked.find(({ command }) => command === "set_contract")?.args).toMatchObject({
      contract: { person: known?.person, weekdays: [0, 1, 2, 3, 4, 5], never_given: [night?.id] },
    }),
  );
  await waitFor(() => expect(screen.getByText(known?.name ?? "").closest("[role=row]")?.textContent).toContain(`Sun · ${night?.spec.code}`));
});

it("names the languages of a client that separate people answer, in the reader's words", async () => {
  reset(true);
  await grid();
  const legend = (): string[] => [...document.querySelectorAll("li.line .cut")].map((one) => one.textContent ?? "");
  const [, , uk, ru] = legend();
  expect(uk).toMatch(/ · Ukrainian$/);
  expect(ru).toBe(uk?.replace("Ukrainian", "Russian"));
  await i18n.use("uk");
  await waitFor(() => expect(legend()[3]).toMatch(/ · російська$/));
});

it("lets a contract name some of a client's languages instead of the client", async () => {
  reset(true);
  const known = world().contracts[0];
  world().contracts = world().contracts.map((one) => (one === known ? { ...one, lines: ["s1", "bilingual"] } : one));
  await open("/plan/contracts");
  await fireEvent.click(await screen.findByText(known?.name ?? ""));
  const dialog = await screen.findByRole("dialog");
  const [uk, ru] = [within(dialog).getByLabelText(/Ukrainian$/), within(dialog).getByLabelText(/Russian$/)];
  expect([uk, ru].map((box) => (box as HTMLInputElement).checked), "who serves the client serves both").toEqual([true, true]);
  await fireEvent.click(uk);
  await fireEvent.click(within(dialog).getByTestId("contract-save"));
  await waitFor(() => expect(asked.find(({ command }) => command === "set_contract")?.args).toMatchObject({ contract: { lines: ["s1", "s3"] } }));
  const lines = handlers.served_lines?.({} as never) as ServedLine[];
  const first = lines[2] as ServedLine;
  expect(served(["s1", "s3"], lines, first, true), "all of them are the client").toEqual(["s1", "bilingual"]);
});

it("says in the menu what each shift would cost and which rule it would break", async () => {
  await grid();
  const { row, to } = shortRest();
  const early = data().templates.find(({ id }) => id === "t0")?.spec.code;
  await walk(row, to);
  await key("Enter");
  const menu = await screen.findByTestId("shift-menu");
  const item = within(menu).getByTestId(`give-${early}`);
  await waitFor(() => expect(within(item).getByTestId("choice-cost").textContent).toMatch(/^[+−]?[\d,]+$/));
  expect(within(item).getByTestId("choice-broken").ariaLabel).toMatch(/rest of \d+:\d\d between shifts/);
  await fireEvent.pointerMove(item);
  await waitFor(() => expect(within(menu).getByTestId("choice-why").textContent).toMatch(/rest of \d+:\d\d/));
  expect(edits, "looking changes nothing").toEqual([]);
});

it("gives a shift from the menu by its letter, found by the key's place", async () => {
  await grid();
  const { people, days, templates } = data();
  await key("Enter");
  const menu = await screen.findByTestId("shift-menu");
  await fireEvent.keyDown(menu, { code: "KeyC", key: "с" });
  await waitFor(() => expect(edits).toEqual([{ edit: "give", person: people[0]?.id, date: days[0]?.date, template: templates[2]?.id, line: expect.any(String) }]));
  await waitFor(() => expect(filled(0, days[0]?.date ?? "")?.ariaLabel).toContain(templates[2]?.spec.code));
  expect(document.activeElement, "the keys go on in the grid").toBe(screen.getByTestId("plan-grid"));
});

it("shows how far a search is and that the cost falls, and stops it", async () => {
  await grid();
  const before = Number(screen.getByTestId("plan-cost").textContent?.replace(/\D/g, ""));
  await fireEvent.click(screen.getByTestId("solve"));
  await screen.findByTestId("solving");
  expect(asked.find(({ command }) => command === "solve_plan")?.args).toEqual({ id: "plan-next", seconds: 30, replanFrom: null });
  const bar = within(screen.getByTestId("solving")).getByRole("progressbar");
  expect(Number(bar.getAttribute("aria-valuenow"))).toBeLessThan(10);
  await waitFor(() => expect(Number(screen.getByTestId("solve-cost").textContent?.replace(/\D/g, ""))).toBeLessThan(before), { timeout: 5000 });
  expect(Number(bar.getAttribute("aria-valuenow"))).toBeGreaterThan(0);
  await fireEvent.click(screen.getByTestId("stop"));
  await screen.findByTestId("solve");
  expect(screen.queryByTestId("solving")).toBeNull();
});

it("publishes after saying how many are told", async () => {
  await grid("plan-now");
  await fireEvent.click(screen.getByTestId("publish"));
  expect((await screen.findByRole("dialog")).textContent).toMatch(/\d+ (person is|people are) told of new or changed shifts/);
  await fireEvent.click(screen.getByTestId("publish-confirm"));
  await waitFor(() => expect(toasts().some(({ text }) => text.startsWith("Published."))).toBe(true));
  await waitFor(() => expect(document.querySelector("[data-changed]"), "nothing differs from what is published").toBeNull());
});

it("opens a day from its date, with everyone who works on it", async () => {
  await grid("plan-now");
  const { days, shifts } = data("plan-now");
  const date = days[2]?.date ?? "";
  await fireEvent.click(within(screen.getByTestId("plan-grid")).getByTestId(`day-${date}`).closest("button") as HTMLElement);
  await screen.findByTestId("day-view");
  expect(screen.getAllByTestId("day-row").length).toBeGreaterThanOrEqual(shifts.filter((one) => one.date === date).length);
});

it("tells by a key what multi-skill routing would bring on a day", async () => {
  await grid();
  const date = data("plan-next").days[2]?.date ?? "";
  await fireEvent.click(within(screen.getByTestId("plan-grid")).getByTestId(`day-${date}`).closest("button") as HTMLElement);
  await screen.findByTestId("day-view");
  await key("KeyS");
  const dialog = await screen.findByRole("dialog", { name: "Service level with multi-skill routing" });
  const table = await within(dialog).findByTestId("plan-multi-skill");
  const rows = within(table).getAllByRole("row").map((row) => [...row.querySelectorAll("td, th")].map((cell) => cell.textContent?.trim()));
  expect(rows.at(-1)).toEqual(["All projects", "81%", "90%"]);
  expect(rows).toHaveLength(2 + data("plan-next").lines.length);
  expect(within(dialog).getByText("7 people on shift can answer more than one line.")).toBeTruthy();
  expect(asked.find(({ command }) => command === "plan_multi_skill")?.args).toEqual({ id: "plan-next", date });
});

it("goes to the cell of a broken rule", async () => {
  await grid();
  const row = screen.getAllByTestId("broken-row")[0] as HTMLElement;
  const { people } = data();
  await fireEvent.click(row);
  const index = people.findIndex(({ id }) => id === row.dataset.person);
  await waitFor(() => expect(screen.getByTestId("plan-cursor").style.transform).toContain(`${index * 34}px`));
  expect(screen.getByTestId("plan-cursor").getAttribute("aria-label")).toContain(people[index]?.name);
});

it("shows what a request would break, and passes the supervisor's word on", async () => {
  await open("/plan/requests");
  const rows = await screen.findAllByTestId("request-row");
  const swap = rows.find((one) => one.dataset.kind === "swap") as HTMLElement;
  expect(within(swap).getByTestId("would-break").textContent).toContain("rest of 8:00 between shifts, at least 12:00");
  await fireEvent.input(within(swap).getByTestId("request-words"), { target: { value: "Not this week" } });
  await fireEvent.click(within(swap).getByTestId("decline"));
  await waitFor(() => expect(asked.find(({ command }) => command === "answer_request")?.args).toMatchObject({ action: "decline", words: "Not this week" }));
  await waitFor(() => expect(screen.getAllByTestId("request-row").find((one) => one.dataset.request === swap.dataset.request)?.dataset.state).toBe("declined"));
  const leave = screen.getAllByTestId("request-row").find((one) => one.dataset.kind === "time_off" && one.dataset.state === "asked_supervisor") as HTMLElement;
  await fireEvent.click(within(leave).getByTestId("approve"));
  await waitFor(() => expect(screen.getAllByTestId("request-row").find((one) => one.dataset.request === leave.dataset.request)?.dataset.state).toBe("approved"));
});

it("makes a plan from a Monday and throws a draft away", async () => {
  await open("/plan");
  await screen.findAllByTestId("plan-row");
  await fireEvent.click(screen.getByTestId("plan-new"));
  await fireEvent.click(await screen.findByTestId("plan-make"));
  await waitFor(() => expect(asked.some(({ command }) => command === "make_plan")).toBe(true));
  const made = asked.find(({ command }) => command === "make_plan")?.args as { firstDay: string; weeks: number };
  expect(new Date(`${made.firstDay}T00:00:00Z`).getUTCDay(), "a Monday").toBe(1);
  expect(made.weeks).toBe(4);
  await screen.findByTestId("plan-grid");
});

it("writes and reads hours, costs and rules as people do", () => {
  expect([hm(450), hm(0), hm(-90), hm(9120), hm(null)]).toEqual(["7:30", "0:00", "−1:30", "152:00", "–"]);
  expect(["7:30", "7.5", "7,5", "40", " 0:15 ", "7:75", "x", ""].map(readHours)).toEqual([450, 450, 450, 2400, 15, null, null, null]);
  expect([signed(3.2, 1), signed(-14), signed(0.2), signed(null)]).toEqual(["+3.2", "−14", "0", "–"]);
  expect(brokenWords({ person: "", date: "", rule: "consecutive_days", is: 7, limit: 6 })).toBe("7 working days in a row, at most 6");
  expect(brokenWords({ person: "", date: "", rule: "week_minutes", is: 2910, limit: 2880 })).toBe("48:30 in a week, at most 48:00");
  expect(steps([0, 2, 2, 4], 4, 40, 11)).toBe("M0 11.0H10.0V6.0H30.0V1.0H40");
  expect(steps([0, 2, 2, 4], 4, 40, 11, 33)).toBe("M0 11.0H10.0V6.0H30.0V1.0H33");
});
