import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, beforeEach, expect, it } from "vitest";
import { i18n } from "@/lib/i18n/index.svelte";
import type { CallsRequest, LoadRequest, ShopView } from "@/lib/ipc";
import { listenToKeys } from "@/lib/keyboard.svelte";
import { chips, ofReason } from "./filter";
import LoadPage from "./LoadPage.svelte";
import { handlers } from "./mock";
import { lastDays, ordered, readDay } from "./range";

globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};

const SHOP = { id: "shop-1", name: "Комора", zone: "Europe/Kyiv", is_sample: false } as ShopView;

let asked: { loads: LoadRequest[]; calls: CallsRequest[] };
let deaf: () => void;

/** What the calls were asked by last, without the days. */
function lastFilter(): Partial<CallsRequest> {
  const { weekday, hour, outcome, reason, subreason, shop } = asked.calls.at(-1) ?? ({} as CallsRequest);
  return { shop, weekday, hour, outcome, reason, subreason };
}

const NONE = { shop: SHOP.id, weekday: null, hour: null, outcome: null, reason: null, subreason: null };

beforeEach(async () => {
  asked = { loads: [], calls: [] };
  void i18n.use("en");
  mockIPC((command, args) => {
    if (command.startsWith("plugin:")) return 1;
    if (command === "shops") return [SHOP];
    const { request } = args as unknown as { request: never };
    if (command === "load") asked.loads.push(request);
    if (command === "calls") asked.calls.push(request);
    return handlers[command]?.(args as never);
  });
  deaf = listenToKeys();
  render(LoadPage);
  await screen.findByRole("table");
});

afterEach(() => {
  cleanup();
  deaf();
  clearMocks();
});

async function back(): Promise<void> {
  await fireEvent.keyDown(document.activeElement ?? document.body, { code: "Escape" });
  await screen.findByRole("table");
}

it("shows a table of seven days by twenty-four hours, each number a button that says all in words", () => {
  const rows = within(screen.getByRole("table")).getAllByRole("row");
  expect(rows).toHaveLength(1 + 7 + 1);
  const cells = document.querySelectorAll("button.cell");
  expect(cells).toHaveLength(7 * 24);
  const busy = document.querySelector('[data-at="0-11"]');
  expect(busy?.getAttribute("aria-label")).toMatch(/^Monday, 11:00–12:00: \d+ calls, [\d.]+ per hour on average$/);
});

it("opens just the calls that a number stands for", async () => {
  const wanted: [at: string, filter: object][] = [
    ["2-10", { weekday: 2, hour: 10 }],
    ["4-24", { weekday: 4 }],
    ["7-15", { hour: 15 }],
    ["7-24", {}],
  ];
  for (const [at, filter] of wanted) {
    const button = document.querySelector<HTMLElement>(`[data-at="${at}"]`);
    const number = button?.textContent?.replace(/\D/g, "");
    button?.focus();
    await fireEvent.click(button as HTMLElement);
    const total = await screen.findByTestId("calls-total");
    expect(lastFilter(), `the number at ${at}`).toEqual({ ...NONE, ...filter });
    expect(total.textContent?.replace(/\D/g, ""), "the list holds as many as the number said").toBe(number);
    await back();
    await waitFor(() => expect(document.activeElement?.getAttribute("data-at"), "one comes back to where one was").toBe(at));
  }
});

it("opens the calls of an outcome and of a reason", async () => {
  await fireEvent.click(screen.getByRole("button", { name: /^No answer/ }));
  await screen.findByTestId("calls-total");
  expect(lastFilter()).toEqual({ ...NONE, outcome: "no_answer" });
  await back();
  await fireEvent.click(screen.getByRole("button", { name: /^Delivery · Address/ }));
  await screen.findByTestId("calls-total");
  expect(lastFilter()).toEqual({ ...NONE, reason: "delivery", subreason: "address" });
});

it("takes one part of a filter away at a time", async () => {
  await fireEvent.click(document.querySelector('[data-at="2-10"]') as HTMLElement);
  await screen.findByTestId("calls-total");
  await fireEvent.click(screen.getByRole("button", { name: /Wednesday/ }));
  await waitFor(() => expect(lastFilter()).toEqual({ ...NONE, hour: 10 }));
});

it("walks the heat map by arrows, one stop for the Tab key", async () => {
  const stops = document.querySelectorAll('table button[tabindex="0"]');
  expect(stops).toHaveLength(1);
  const start = document.querySelector<HTMLElement>('[data-at="0-9"]');
  start?.focus();
  for (const code of ["ArrowDown", "ArrowRight", "ArrowRight"]) {
    await fireEvent.keyDown(document.activeElement as HTMLElement, { code });
  }
  expect(document.activeElement?.getAttribute("data-at")).toBe("1-11");
  await fireEvent.keyDown(document.activeElement as HTMLElement, { code: "End", ctrlKey: true });
  expect(document.activeElement?.getAttribute("data-at")).toBe("7-24");
});

it("asks for other days at once", async () => {
  const before = asked.loads.at(-1);
  await fireEvent.click(screen.getByRole("button", { name: "7 days" }));
  await waitFor(() => expect(asked.loads.at(-1)?.from).not.toBe(before?.from));
  const { from, to } = asked.loads.at(-1) as LoadRequest;
  expect((Date.parse(to) - Date.parse(from)) / 86_400_000, "seven days, both ends counted in").toBe(6);
});

it("counts days with both ends in and turns a range round", () => {
  expect(lastDays("2026-03-02", 7)).toEqual({ from: "2026-02-24", to: "2026-03-02" });
  expect(ordered({ from: "2026-03-02", to: "2026-02-24" })).toEqual({ from: "2026-02-24", to: "2026-03-02" });
});

it("reads codes of both levels", () => {
  expect(ofReason("order/change")).toEqual({ reason: "order", subreason: "change" });
  expect(ofReason("order")).toEqual({ reason: "order" });
  const [chip] = chips({ reason: "order", subreason: "change", hour: 4 }).slice(-1);
  expect(chip?.without, "both levels go together").toEqual({ hour: 4 });
});

it("reads a day as any of the languages writes it, and no day that is on no calendar", () => {
  expect(["24.10.2026", "24/10/2026", "2026-10-24", " 24.10.2026 "].map(readDay)).toEqual(Array(4).fill("2026-10-24"));
  expect(readDay("1.2.2026")).toBe("2026-02-01");
  expect(["", "24.10", "24.10.20", "31.06.2026", "10.24.2026", "24.10.2026.1"].map(readDay)).toEqual(Array(6).fill(null));
});

it("shows the days that were typed, whichever comes first", async () => {
  await fireEvent.click(screen.getByRole("button", { name: "Own range" }));
  const to = screen.getByLabelText("To");
  await fireEvent.input(to, { target: { value: "05/03/2026" } });
  await fireEvent.input(screen.getByLabelText("From"), { target: { value: "9.3.2026" } });
  await waitFor(() =>
    expect(asked.loads.at(-1), "turned round").toMatchObject({ from: "2026-03-05", to: "2026-03-09" }),
  );
  await fireEvent.keyDown(to, { code: "ArrowUp" });
  await waitFor(() => expect(asked.loads.at(-1)).toMatchObject({ from: "2026-03-06", to: "2026-03-09" }));
});
