import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { plusDays, wallOf } from "@/features/desk/time";
import { longDay } from "@/lib/format";
import { i18n } from "@/lib/i18n/index.svelte";
import type { ForecastRequest, ImportRequest, NewOverride, StaffingRequest, StaffingRules } from "@/lib/ipc";
import { pretend, type Pretence } from "@/lib/ipc/mock";
import { listenToKeys } from "@/lib/keyboard.svelte";
import { go, route } from "@/lib/route.svelte";
import { session } from "@/lib/session.svelte";
import ForecastPage from "./ForecastPage.svelte";
import { begin } from "./mock";
import { withShrinkage, shrinkageShare } from "./rules";
import { axis, band, line, steps } from "./scale";
import { methodWords, weekdayOf } from "./words";

type Told = ReturnType<typeof pretend>;

async function open(path: string, scene = "", wish: Pretence = {}): Promise<Told> {
  begin(scene);
  const told = pretend({ language: "en", ...wish });
  go(path);
  await session.refresh();
  await i18n.use(wish.language ?? "en");
  render(ForecastPage);
  return told;
}

const key = (code: string, more: object = {}): Promise<boolean> =>
  fireEvent.keyDown(document.activeElement ?? document.body, { code, ...more });
const asked = <T>(told: Told, command: string): T[] =>
  told.calls.filter((call) => call.command === command).map((call) => call.args as T);
const choose = (text: string): Promise<unknown> => {
  const file = new File([text], "calls.csv", { type: "text/csv" });
  return fireEvent.change(document.querySelector("input[type=file]") as HTMLInputElement, { target: { files: [file] } });
};

const today = wallOf(Date.now(), "Europe/Kyiv").date;
/** The first day from tomorrow on that the sample's client is open. */
const next = [1, 2].map((days) => plusDays(today, days)).find((date) => weekdayOf(date) !== 6) as string;

beforeEach(() => listenToKeys());

describe("the weeks ahead", () => {
  it("shows every day as a button that says all in words, and one stop for the Tab key", async () => {
    await open("/forecast");
    await screen.findByRole("heading", { name: "Day by day" });
    const days = [...document.querySelectorAll<HTMLElement>("[data-day]")];
    expect(days, "four weeks").toHaveLength(28);
    expect(days.filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
    expect(document.querySelector(`[data-day="${next}"]`)?.getAttribute("aria-label")).toMatch(/: [\d,]+ calls expected, most likely [\d,]+ to [\d,]+/);
  });

  it("asks for what is chosen: channel, weeks and all clients", async () => {
    const told = await open("/forecast");
    await screen.findByRole("heading", { name: "Day by day" });
    await fireEvent.click(screen.getByRole("button", { name: "Outbound" }));
    await fireEvent.click(screen.getByRole("button", { name: "13 weeks ahead" }));
    const client = screen.getByLabelText("Client");
    await fireEvent.change(client, { target: { value: "" } });
    await waitFor(() =>
      expect(asked<{ request: ForecastRequest }>(told, "forecast_page").at(-1)?.request).toEqual({ shop: null, channel: "outbound", language: null, weeks: 13 }),
    );
    const clients = await screen.findByRole("region", { name: "What each client brings" });
    expect(within(clients).getAllByRole("button")).toHaveLength(4);
    await fireEvent.click(within(clients).getByRole("button", { name: /^AGD Serce/ }));
    await waitFor(() => expect(asked<{ request: ForecastRequest }>(told, "forecast_page").at(-1)?.request.shop).toBe("s2"));
  });

  it("offers the languages of a bilingual client, and begins with all of them at another", async () => {
    const told = await open("/forecast");
    const language = await screen.findByLabelText("Language");
    expect(within(language).getAllByRole("option").map(({ textContent }) => textContent)).toEqual(["All languages", "Ukrainian", "Russian"]);
    const last = (): ForecastRequest | undefined => asked<{ request: ForecastRequest }>(told, "forecast_page").at(-1)?.request;
    const bars = await screen.findByRole("region", { name: "What each language brings" });
    await fireEvent.click(within(bars).getByRole("button", { name: /^Russian/ }));
    await waitFor(() => expect(last()).toEqual({ shop: "s1", channel: "inbound", language: "ru", weeks: 4 }));
    await waitFor(() => expect(screen.getByRole("region", { name: "How this forecast is made" }).textContent).toContain("too little history of its own"));
    await fireEvent.change(screen.getByLabelText("Language"), { target: { value: "uk" } });
    await waitFor(() => expect(screen.getByRole("region", { name: "How this forecast is made" }).textContent).toContain("all languages together are the client’s forecast"));
    await fireEvent.click(document.querySelector(`[data-day="${next}"]`) as HTMLElement);
    await screen.findByText(/Inbound · Ukrainian$/);
    expect(asked<{ language: string }>(told, "forecast_day").at(-1)?.language).toBe("uk");
    await waitFor(() => expect(asked<{ request: StaffingRequest }>(told, "staffing").at(-1)?.request.language).toBe("uk"));
    await key("Escape");
    await fireEvent.change(await screen.findByLabelText("Client"), { target: { value: "s2" } });
    await waitFor(() => expect(last()).toEqual({ shop: "s2", channel: "inbound", language: null, weeks: 4 }));
    await waitFor(() => expect(screen.queryByLabelText("Language"), "one language is no choice").toBeNull());
  });

  it("goes back to all languages when the one looked at is told no more", async () => {
    const told = await open("/forecast");
    const last = (): ForecastRequest | undefined => asked<{ request: ForecastRequest }>(told, "forecast_page").at(-1)?.request;
    await fireEvent.change(await screen.findByLabelText("Language"), { target: { value: "uk" } });
    await waitFor(() => expect(last()?.language).toBe("uk"));
    await fireEvent.click(await screen.findByRole("tab", { name: /^Imports/ }));
    await fireEvent.click(screen.getAllByRole("button", { name: /^Withdraw the import/ })[0] as HTMLElement);
    await waitFor(() => expect(last()?.language).toBeNull());
    await waitFor(() => expect(screen.queryByLabelText("Language")).toBeNull());
  });

  it("lets separate people answer each language of a bilingual client, and only of such", async () => {
    const told = await open(`/forecast/day/${next}`);
    await waitFor(() => expect(screen.getByTestId("day-rules"), "the rules have come").toHaveProperty("disabled", false));
    await fireEvent.click(screen.getByTestId("day-rules"));
    const form = await screen.findByTestId("rules-form");
    const apart = within(form).getByLabelText(/separate people/);
    expect(apart).toHaveProperty("checked", false);
    await fireEvent.click(apart);
    await fireEvent.submit(form);
    await waitFor(() => expect(asked<{ rules: StaffingRules }>(told, "set_staffing_rules").at(-1)?.rules.languages_apart).toBe(true));
  });

  it("walks the days by arrows, opens one and comes back", async () => {
    await open("/forecast");
    await screen.findByRole("heading", { name: "Day by day" });
    const first = document.querySelector<HTMLElement>('[data-day][tabindex="0"]') as HTMLElement;
    first.focus();
    await key("ArrowDown");
    const there = document.activeElement as HTMLElement;
    const { day } = there.dataset;
    expect(day, "a week later").toBe(plusDays(first.dataset.day ?? "", 7));
    await fireEvent.click(there);
    expect(route.path).toBe(`/forecast/day/${day}`);
    await screen.findByRole("heading", { level: 1, name: longDay(day ?? "") });
    await key("Escape");
    expect(route.path).toBe("/forecast");
    await waitFor(() => expect((document.activeElement as HTMLElement).dataset.day, "one comes back to where one was").toBe(day));
  });

  it("turns the week by hours with one key, and names each error's side in words", async () => {
    await open("/forecast");
    await screen.findByRole("heading", { name: "The week by hours" });
    expect(screen.getByRole("table", { name: "The week by hours: Forecast" })).toBeTruthy();
    await key("Digit3");
    const table = await screen.findByRole("table", { name: "The week by hours: Error" });
    const cells = [...table.querySelectorAll<HTMLElement>("button.cell")];
    expect(cells.length).toBeGreaterThan(60);
    for (const cell of cells) {
      const level = Number(cell.dataset.level);
      const side = level < 0 ? /too low$/ : level > 0 ? /too high$/ : /(too low|too high|just right)$/;
      expect(cell.getAttribute("aria-label")).toMatch(side);
      if (level !== 0) expect(cell.textContent?.trim()).toMatch(level < 0 ? /^[-−]\d/ : /^\+\d/);
    }
    expect(table.querySelector("tfoot"), "shares are not added up").toBeNull();
  });

  it("steps over closed hours in the week by hours", async () => {
    await open("/forecast");
    await screen.findByRole("heading", { name: "The week by hours" });
    // Monday's last hour; to the right are closed hours and then the total.
    const cell = document.querySelector<HTMLElement>('[data-at="0-20"]');
    cell?.focus();
    await key("ArrowRight");
    expect(document.activeElement?.getAttribute("data-at")).toBe("0-24");
  });

  it("says which methods lead and why, and never shows a code", async () => {
    await open("/forecast");
    const how = await screen.findByRole("region", { name: "How this forecast is made" });
    expect(how.textContent).toContain("“Median of 30 weeks, day of the month allowed for” weighs most");
    expect(how.textContent).toContain("off by 5.8% (WAPE) and whole days by 4.2%");
    expect(methodWords("not_yet_invented")).toBe("Another method");
    expect(how.textContent).not.toMatch(/calendar_median|trimmed_mean/);
  });

  it("says plainly that a profile is borrowed", async () => {
    await open("/forecast", "borrowed");
    const how = await screen.findByRole("region", { name: "How this forecast is made" });
    expect(how.textContent).toContain("borrowed from “Техношок”");
  });

  it("says how many days are missing and what to do", async () => {
    await open("/forecast", "empty");
    await screen.findByRole("heading", { name: "No history yet" });
    expect(screen.getByText(/A forecast needs 14 days of history/)).toBeTruthy();
    expect(screen.getAllByRole("button", { name: /Import history/ }).length).toBeGreaterThan(0);
    expect(screen.getByRole("button", { name: /Publish/ })).toHaveProperty("disabled", true);
  });

  it("keeps an unusual day, leaves it out, decides again", async () => {
    const told = await open("/forecast");
    await fireEvent.click(await screen.findByRole("tab", { name: /^Unusual days/ }));
    await fireEvent.click(screen.getByRole("button", { name: /^Leave out / }));
    await waitFor(() => expect(asked<object>(told, "set_outlier")).toHaveLength(1));
    expect(asked<{ verdict: string; shop: string }>(told, "set_outlier")[0]).toMatchObject({ shop: "s1", verdict: "left_out" });
    await waitFor(() => expect(screen.getAllByRole("button", { name: /^Decide again about / })).toHaveLength(2));
  });

  it("publishes what is shown", async () => {
    const told = await open("/forecast");
    await screen.findByRole("heading", { name: "Day by day" });
    await key("F4");
    const dialog = await screen.findByRole("dialog", { name: "Publish this forecast?" });
    await fireEvent.click(within(dialog).getByRole("button", { name: "Publish" }));
    await waitFor(() => expect(asked<{ request: ForecastRequest }>(told, "publish_forecast")[0]?.request).toEqual({ shop: "s1", channel: "inbound", language: null, weeks: 4 }));
  });
});

describe("an import", () => {
  it("names each faulty line and what to do, and takes nothing in", async () => {
    const told = await open("/forecast");
    await screen.findByRole("heading", { name: "Day by day" });
    await key("F2");
    const dialog = await screen.findByRole("dialog", { name: "Import a report of the telephone exchange" });
    await choose("Time;Calls\n2026-11-02 09:00;12\n2026-11-02 09:30;x7\nyesterday;8\n");
    await within(dialog).findByText(/^2 lines cannot be read/);
    const rows = within(dialog).getAllByRole("row").slice(1).map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent?.trim()));
    expect(rows).toEqual([
      ["3", "x7", "This is no count. Write a whole number, 0 or more."],
      ["4", "yesterday", "This is no date and time. Write it as 2026-03-31 14:30 or 31.03.2026 14:30."],
    ]);
    expect(within(dialog).getByRole("button", { name: "Take in" })).toHaveProperty("disabled", true);
    expect(asked<{ request: ImportRequest }>(told, "import_history").every(({ request }) => !request.keep)).toBe(true);
  });

  it("says of an empty file that there is nothing in it", async () => {
    await open("/forecast");
    await screen.findByRole("heading", { name: "Day by day" });
    await key("F2");
    const dialog = await screen.findByRole("dialog");
    await choose("");
    await within(dialog).findByText(/^1 line cannot be read/);
    expect(within(dialog).getByRole("button", { name: "Take in" })).toHaveProperty("disabled", true);
  });

  it("is looked at first and taken in when told to", async () => {
    const told = await open("/forecast");
    await screen.findByRole("heading", { name: "Day by day" });
    await key("F2");
    const dialog = await screen.findByRole("dialog");
    await choose("Time;Calls;AHT\n2026-11-02 09:00;12;180\n2026-11-02 09:30;7;175\n");
    await within(dialog).findByText("All of it can be read");
    await fireEvent.click(within(dialog).getByRole("button", { name: "Take in" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    const sent = asked<{ request: ImportRequest }>(told, "import_history").map(({ request }) => request);
    expect(sent.map(({ keep }) => keep)).toEqual([false, true]);
    expect(sent[1]).toMatchObject({ shop: "s1", channel: "inbound", file: "calls.csv" });
    await waitFor(() => expect(screen.getByRole("tab", { name: /^Imports/ }).textContent).toMatch(/3$/));
  });

  it("asks for the language of a queue's own report, and tells what it found", async () => {
    const told = await open("/forecast");
    await screen.findByRole("heading", { name: "Day by day" });
    await key("F2");
    const dialog = await screen.findByRole("dialog");
    await choose("Time;Calls\n2026-11-02 09:00;12\n");
    await fireEvent.change(await within(dialog).findByLabelText("Language of the calls"), { target: { value: "pl" } });
    await within(dialog).findByText("Polish 100%");
    await fireEvent.click(within(dialog).getByRole("button", { name: "Take in" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    const sent = asked<{ request: ImportRequest }>(told, "import_history").map(({ request }) => [request.keep, request.language]);
    expect(sent).toEqual([[false, null], [false, "pl"], [true, "pl"]]);
  });
});

describe("a day", () => {
  const slider = (name: string): HTMLElement => screen.getByRole("slider", { name });
  const staffing = (told: Told): StaffingRequest | undefined => asked<{ request: StaffingRequest }>(told, "staffing").at(-1)?.request;

  it("asks what would be with the values tried, and shows both side by side", async () => {
    const told = await open(`/forecast/day/${next}`);
    await screen.findByRole("form", { name: "What if" });
    expect(staffing(told)).toMatchObject({ shop: "s1", date: next, what_if: null, load_factor: 1 });
    await fireEvent.input(slider("Service level, target"), { target: { value: "90" } });
    await fireEvent.input(slider("Calls against the forecast"), { target: { value: "150" } });
    await waitFor(() => expect(staffing(told)?.load_factor).toBe(1.5));
    expect(staffing(told)?.what_if).toMatchObject({ service_level: 0.9, threshold_s: 20, definition: "of_offered" });
    const difference = await screen.findByRole("columnheader", { name: "Difference" });
    const rows = within(difference.closest("table") as HTMLElement).getAllByRole("row").slice(1);
    expect(rows[0]?.querySelector("[data-difference]")?.textContent, "more calls and a higher goal need more people").toMatch(/^\+\d/);
    await fireEvent.click(screen.getByRole("button", { name: "As it is" }));
    await waitFor(() => expect(staffing(told)).toMatchObject({ what_if: null, load_factor: 1 }));
    expect(screen.queryByRole("columnheader", { name: "Difference" })).toBeNull();
  });

  it("takes numbers as people type them and refuses others in words", async () => {
    const told = await open(`/forecast/day/${next}`);
    const field = (await screen.findByRole("form", { name: "What if" })).querySelector("input.control[inputmode=decimal]") as HTMLInputElement;
    await fireEvent.input(field, { target: { value: "112,5" } });
    await waitFor(() => expect(staffing(told)?.load_factor).toBe(1.125));
    await fireEvent.input(field, { target: { value: "lots" } });
    expect(screen.getByText("From 10 to 300")).toBeTruthy();
    expect(staffing(told)?.load_factor, "what cannot be read is not asked for").toBe(1.125);
  });

  it("says in words that a queue is unstable", async () => {
    await open(`/forecast/day/${next}`, "unstable");
    expect(await screen.findByText("unstable")).toBeTruthy();
    expect(screen.getByText(/queue would grow without end/)).toBeTruthy();
  });

  it("is changed by hand only with a reason, and the change can be withdrawn", async () => {
    const told = await open(`/forecast/day/${next}`);
    await screen.findByRole("form", { name: "What if" });
    await key("F2");
    const dialog = await screen.findByRole("dialog", { name: "Change the forecast by hand" });
    const send = within(dialog).getByRole("button", { name: "Change" });
    expect(send, "no reason yet").toHaveProperty("disabled", true);
    await fireEvent.input(within(dialog).getByLabelText("From"), { target: { value: "1030" } });
    await fireEvent.input(within(dialog).getByLabelText("Change"), { target: { value: "-20" } });
    await fireEvent.input(within(dialog).getByLabelText("Reason"), { target: { value: "Courier strike" } });
    await fireEvent.click(send);
    await waitFor(() => expect(asked<object>(told, "override_forecast")).toHaveLength(1));
    expect(asked<{ change: NewOverride }>(told, "override_forecast")[0]?.change).toMatchObject({
      shop: "s1", channel: "inbound", date: next, from_minute: 630, percent: -20, reason: "Courier strike",
    });
    await fireEvent.click(screen.getByRole("tab", { name: /^Manual changes/ }));
    await fireEvent.click(await screen.findByRole("button", { name: /^Withdraw the change of .*: Courier strike$/ }));
    await waitFor(() => expect(screen.queryByText("Courier strike")).toBeNull());
  });

  it("keeps the rules as they are edited: goal, shrinkage by kind and opening hours", async () => {
    const told = await open(`/forecast/day/${next}`);
    await screen.findByRole("form", { name: "What if" });
    await key("F4");
    const dialog = await screen.findByRole("dialog", { name: "Staffing rules" });
    await fireEvent.input(within(dialog).getByLabelText("Service level, target"), { target: { value: "85" } });
    await fireEvent.change(within(dialog).getByLabelText("Service level is the share"), { target: { value: "short_abandons_out" } });
    await fireEvent.input(within(dialog).getByLabelText("Patience"), { target: { value: "" } });
    await fireEvent.input(within(dialog).getByLabelText("Other"), { target: { value: "2.5" } });
    await fireEvent.click(within(dialog).getByRole("button", { name: "Add hours on Sunday" }));
    await fireEvent.input(within(dialog).getByLabelText("Sunday, until"), { target: { value: "24:00" } });
    await fireEvent.click(within(dialog).getByRole("button", { name: "Save" }));
    await waitFor(() => expect(asked<object>(told, "set_staffing_rules")).toHaveLength(1));
    const { shop, rules } = asked<{ shop: string; rules: StaffingRules }>(told, "set_staffing_rules")[0] as { shop: string; rules: StaffingRules };
    expect(shop).toBe("s1");
    expect(rules).toMatchObject({ service_level: 0.85, definition: "short_abandons_out", patience_s: null });
    expect(rules.shrinkage).toContainEqual({ kind: "other", share: 0.025 });
    expect(rules.open).toContainEqual({ weekday: 6, from_minute: 540, until_minute: 1440 });
  });

  it("is staffed client by client", async () => {
    const told = await open("/forecast");
    await screen.findByRole("heading", { name: "Day by day" });
    await fireEvent.change(screen.getByLabelText("Client"), { target: { value: "" } });
    await screen.findByRole("region", { name: "What each client brings" });
    await fireEvent.click(document.querySelector(`[data-day="${next}"]`) as HTMLElement);
    expect(await screen.findByText(/people are counted client by client/)).toBeTruthy();
    expect(asked<object>(told, "staffing")).toHaveLength(0);
    await fireEvent.change(screen.getByLabelText("Client"), { target: { value: "s3" } });
    await waitFor(() => expect(staffing(told)?.shop).toBe("s3"));
  });
});

describe("the drawing", () => {
  it("ends an axis on a round number above all that is drawn", () => {
    expect(axis(74)).toEqual({ top: 80, ticks: [0, 20, 40, 60, 80] });
    expect(axis(0).top).toBeGreaterThan(0);
    for (const highest of [1, 3, 9, 41, 999, 12_345]) expect(axis(highest).top).toBeGreaterThanOrEqual(highest);
  });

  it("breaks lines and bands where a day is closed", () => {
    expect(line([{ x: 0, y: 1 }, { x: 1, y: 2 }, null, { x: 3, y: 4 }])).toBe("M0 1L1 2M3 4");
    expect(band([{ x: 0, low: 9, high: 1 }, { x: 1, low: 8, high: 2 }, null]).match(/M/g)).toHaveLength(1);
    expect(band([null])).toBe("");
    expect(steps([{ from: 0, to: 5, y: 1 }, { from: 5, to: 9, y: 2 }, { from: 12, to: 15, y: 2 }])).toBe("M0 1L5 1L5 2L9 2M12 2L15 2");
  });

  it("keeps the proportion of shrinkage's kinds when their whole is tried", () => {
    const rules = { shrinkage: [{ kind: "leave", share: 0.1 }, { kind: "breaks", share: 0.05 }] } as StaffingRules;
    const tried = withShrinkage(rules, 0.3);
    expect(shrinkageShare(tried)).toBeCloseTo(0.3);
    expect(tried.shrinkage[0]?.share).toBeCloseTo(0.2);
    expect(withShrinkage({ ...rules, shrinkage: [] }, 0.2).shrinkage).toEqual([{ kind: "other", share: 0.2 }]);
  });
});
