import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, beforeEach, expect, it } from "vitest";
import { reset } from "@/features/plan/mock";
import { i18n } from "@/lib/i18n/index.svelte";
import type { TodayPage as TodayView } from "@/lib/ipc";
import { handlers } from "./mock";
import TodayPage from "./TodayPage.svelte";

let told: TodayView;

beforeEach(async () => {
  reset();
  await i18n.use("en");
  told = handlers.today?.({} as never) as TodayView;
  mockIPC((command) => (command === "today" ? told : 1), { shouldMockEvents: true });
});

afterEach(() => {
  cleanup();
  clearMocks();
});

it("shows everyone against their shift and lets those who are late stand alone", async () => {
  const [first, ...others] = told.people;
  if (first) told = { ...told, people: [{ ...first, late_minutes: 12 }, ...others.map((one) => ({ ...one, late_minutes: 0 }))] };
  render(TodayPage);
  expect(await screen.findAllByTestId("today-row")).toHaveLength(told.people.length);
  expect(screen.getByText("late 12 min")).toBeTruthy();
  await fireEvent.click(screen.getByTestId("late-count"));
  const rows = screen.getAllByTestId("today-row");
  expect(rows).toHaveLength(1);
  expect(rows[0]?.dataset).toMatchObject({ person: first?.person, state: "late" });
});

it("says what could be offered, and the figures the desk told", async () => {
  render(TodayPage);
  const offers = await screen.findAllByTestId("offer");
  expect(offers).toHaveLength(told.offers.length);
  expect(offers[0]?.textContent).toContain(told.offers[0]?.name);
  expect(screen.getByText("91%")).toBeTruthy();
  expect(screen.getByText("planned 25%")).toBeTruthy();
});

it("says when nobody is planned", async () => {
  told = { ...told, people: [] };
  render(TodayPage);
  expect(await screen.findByText("Nobody is planned today")).toBeTruthy();
});

it("says that presence is made up where someone of the sample is on the page, and nowhere else", async () => {
  render(TodayPage);
  expect((await screen.findByTestId("today-sample")).textContent).toContain("made up");
  cleanup();
  told = { ...told, has_sample: false };
  render(TodayPage);
  expect(await screen.findAllByTestId("today-row")).toHaveLength(told.people.length);
  expect(screen.queryByTestId("today-sample")).toBeNull();
});
