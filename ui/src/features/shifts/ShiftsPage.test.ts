import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, beforeEach, expect, it } from "vitest";
import { reset as resetPlans } from "@/features/plan/mock";
import { i18n } from "@/lib/i18n/index.svelte";
import type { MyShifts } from "@/lib/ipc";
import { handlers, reset } from "./mock";
import ShiftsPage from "./ShiftsPage.svelte";

let asked: { command: string; args: Record<string, unknown> }[];

beforeEach(async () => {
  resetPlans();
  reset();
  asked = [];
  await i18n.use("en");
  mockIPC(
    (command, args) => {
      asked.push({ command, args: (args ?? {}) as Record<string, unknown> });
      return handlers[command]?.(args as never);
    },
    { shouldMockEvents: true },
  );
});

afterEach(() => {
  cleanup();
  window.history.replaceState(null, "", "/");
  clearMocks();
});

it("begins with today and shows free days too", async () => {
  render(ShiftsPage);
  const days = await screen.findAllByTestId("my-day");
  expect(days[0]?.dataset.date).toBe(new Date().toISOString().slice(0, 10));
  expect(screen.getAllByTestId("my-shift").length).toBeLessThan(days.length);
});

it("shows a meeting in the shift it falls into", async () => {
  const mine = handlers.my_shifts?.({} as never) as MyShifts;
  const own = mine.shifts.flatMap(({ meetings }) => meetings).filter(({ start }) => start.slice(0, 10) >= mine.today);
  render(ShiftsPage);
  await screen.findAllByTestId("my-day");
  expect(screen.queryAllByTestId("my-meeting").map(({ textContent }) => textContent?.trim().split(" ").slice(1).join(" "))).toEqual(own.map(({ title }) => title));
});

it("asks a colleague to take a shift over", async () => {
  render(ShiftsPage);
  await fireEvent.click(await screen.findByTestId("ask-swap"));
  const dialog = await screen.findByRole("dialog");
  expect((within(dialog).getByTestId("swap-send") as HTMLButtonElement).disabled, "nobody is chosen yet").toBe(true);
  const box = within(dialog).getByRole("combobox", { name: "Colleague" });
  await fireEvent.focus(box);
  await fireEvent.keyDown(box, { key: "ArrowDown", code: "ArrowDown" });
  await screen.findAllByRole("option");
  await fireEvent.keyDown(box, { key: "ArrowDown", code: "ArrowDown" });
  await fireEvent.keyDown(box, { key: "Enter", code: "Enter" });
  await waitFor(() => expect((within(dialog).getByTestId("swap-send") as HTMLButtonElement).disabled).toBe(false));
  await fireEvent.input(within(dialog).getByTestId("swap-reason"), { target: { value: "Dentist" } });
  await fireEvent.click(within(dialog).getByTestId("swap-send"));
  await waitFor(() =>
    expect(asked.find(({ command }) => command === "ask_request")?.args).toEqual({
      request: { ask: "swap", shift: expect.any(String), with: expect.any(String), theirs: null, reason: "Dentist" },
    }),
  );
  await waitFor(() => expect(screen.getAllByTestId("request-row").some((one) => one.textContent?.includes("Dentist"))).toBe(true));
});

it("wishes a day off", async () => {
  render(ShiftsPage);
  await fireEvent.click(await screen.findByTestId("ask-time-off"));
  const dialog = await screen.findByRole("dialog");
  await fireEvent.click(within(dialog).getByRole("radio", { name: /Wish/ }));
  await fireEvent.input(within(dialog).getByLabelText("From"), { target: { value: "21/12/2026" } });
  await fireEvent.click(within(dialog).getByTestId("time-off-send"));
  await waitFor(() =>
    expect(asked.find(({ command }) => command === "ask_request")?.args).toEqual({
      request: { ask: "time_off", from: "2026-12-21", until: "2026-12-21", wish: true, reason: "" },
    }),
  );
});

it("answers what a colleague asks, and takes one's own request back", async () => {
  render(ShiftsPage);
  const row = (await screen.findAllByTestId("request-row")).find((one) => one.dataset.state === "asked_colleague") as HTMLElement;
  await fireEvent.click(within(row).getByTestId("agree"));
  await waitFor(() => expect(asked.find(({ command }) => command === "answer_request")?.args).toMatchObject({ id: row.dataset.request, action: "agree" }));
  const own = (await screen.findAllByTestId("withdraw"))[0] as HTMLElement;
  await fireEvent.click(own);
  await waitFor(() => expect(screen.getAllByTestId("request-row").some((one) => one.dataset.state === "withdrawn")).toBe(true));
});

it("says that nothing is published, and what to do", async () => {
  window.history.replaceState(null, "", "/?shifts=none");
  render(ShiftsPage);
  expect(await screen.findByText("No shifts are published for you yet")).toBeTruthy();
  expect((screen.getByTestId("ask-swap") as HTMLButtonElement).disabled).toBe(true);
});
