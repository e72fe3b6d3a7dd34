import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { i18n } from "@/lib/i18n/index.svelte";
import { listenToKeys } from "@/lib/keyboard.svelte";
import { DeskDouble } from "./double";
import DeskPage from "./DeskPage.svelte";
import { sampleWorld } from "./sample";
import { work } from "./work.svelte";

globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};

let desk: DeskDouble;
let deaf: () => void;
let presses = 0;

/** One press of a physical key; `key` is what a Ukrainian layout would type. */
async function press(code: string, held: { ctrlKey?: boolean; shiftKey?: boolean } = {}): Promise<void> {
  presses += 1;
  const at = document.activeElement ?? document.body;
  const key = code.startsWith("Key") ? "я" : code.startsWith("Digit") ? code.slice(-1) : code;
  await fireEvent.keyDown(at, { code, key, ...held });
}

function shown(): string {
  return screen.getByTestId("desk-state").textContent ?? "";
}

async function reach(state: string): Promise<void> {
  await waitFor(() => expect(work.view?.state).toBe(state));
  await waitFor(() => expect(document.querySelector(`.strip.${state}`)).not.toBeNull());
}

async function toTalking(): Promise<void> {
  for (const state of ["preview", "dialling", "talking"]) {
    await press("F2");
    await reach(state);
  }
}

beforeEach(async () => {
  desk = new DeskDouble(sampleWorld("uk"));
  desk.install();
  deaf = listenToKeys();
  void i18n.use("uk");
  presses = 0;
  work.open("nobody");
  render(DeskPage);
  await reach("ready");
});

afterEach(() => {
  cleanup();
  deaf();
  desk.remove();
});

describe("a plain confirmation", () => {
  it("takes seven presses by the place of the keys", async () => {
    await toTalking();
    await press("Digit1");
    await waitFor(() => expect(screen.getByTestId("script-step").dataset["step"]).toBe("terms"));
    await press("Numpad1");
    await waitFor(() => expect(screen.queryByTestId("script-step")).toBeNull());
    await press("F8");
    await reach("wrap_up");
    await press("Enter", { ctrlKey: true });
    await reach("preview");
    expect(presses).toBe(7);
    expect(desk.saved).toEqual([
      { outcome: "confirmed", reason: "order", subreason: "confirmation", comment: "", callback_at: null },
    ]);
  });

  it("takes the same seven when they are pressed without waiting", async () => {
    for (const code of ["F2", "F2", "F2", "Digit1", "Digit1", "F8"]) await press(code);
    await press("Enter", { ctrlKey: true });
    await waitFor(() => expect(desk.saved).toHaveLength(1));
    expect(desk.saved[0]?.outcome).toBe("confirmed");
  });

  it("does not dial twice while a key is held down", async () => {
    await fireEvent.keyDown(document.body, { code: "F2" });
    await fireEvent.keyDown(document.body, { code: "F2", repeat: true });
    await reach("preview");
    await fireEvent.keyDown(document.body, { code: "F2", repeat: true });
    await waitFor(() => expect(work.busy).toBe(false));
    expect(work.view?.state).toBe("preview");
  });
});

describe("typing", () => {
  it("stays typing: digits, Backspace and Enter do not steer the call", async () => {
    await toTalking();
    await press("F9");
    const field = document.activeElement;
    expect(field, "F9 leads to the comment").toBeInstanceOf(HTMLTextAreaElement);
    await press("Digit2");
    await press("Backspace");
    await press("Enter");
    await waitFor(() => expect(work.busy).toBe(false));
    expect(desk.commands()).not.toContain("answer");
    expect(desk.commands()).not.toContain("step_back");
    await fireEvent.input(field as HTMLTextAreaElement, { target: { value: "код домофона 12" } });
    await press("Escape");
    expect(document.activeElement, "Esc leaves the field").not.toBe(field);
    expect((field as HTMLTextAreaElement).value, "and the text").toBe("код домофона 12");
    await waitFor(() => expect(desk.card?.draft.comment).toBe("код домофона 12"));
  });

  it("goes on over the end of the call, in the same field", async () => {
    await toTalking();
    await press("F9");
    const field = document.activeElement as HTMLTextAreaElement;
    await fireEvent.input(field, { target: { value: "ще пишу" } });
    await press("F8");
    await reach("wrap_up");
    expect(document.activeElement, "hanging up takes nobody out of a field").toBe(field);
    expect(field.value).toBe("ще пишу");
    expect(desk.card?.draft.comment).toBe("ще пишу");
  });
});

describe("the result", () => {
  async function toWrapUp(): Promise<void> {
    await toTalking();
    await press("F8");
    await reach("wrap_up");
  }

  it("is chosen by digits, Shift and Ctrl with digits", async () => {
    await toWrapUp();
    await press("Digit3");
    await press("Digit2", { shiftKey: true });
    await press("Digit1", { ctrlKey: true });
    await waitFor(() =>
      expect(desk.card?.draft).toMatchObject({ outcome: "cancelled", reason: "delivery", subreason: "address" }),
    );
  });

  it("leads to the time when a callback is chosen, and says what is missing beside it", async () => {
    await toWrapUp();
    await press("Digit4");
    await waitFor(() => expect(document.activeElement?.closest("[data-section=callback]")).not.toBeNull());
    await waitFor(() =>
      expect(document.querySelector("[data-section=callback] [data-testid=blocker]")?.textContent).toBeTruthy(),
    );
  });

  it("does not write into a time that is still being typed", async () => {
    await toWrapUp();
    await press("Digit4");
    await waitFor(() => expect(document.querySelector("[data-section=callback]")).not.toBeNull());
    const field = document.querySelector<HTMLInputElement>("[data-section=callback] input");
    if (!field) throw new Error("there is a field for the time");
    field.focus();
    for (const text of ["2", "23", "23:", "23:5", "23:55"]) {
      await fireEvent.input(field, { target: { value: text } });
      await waitFor(() => expect(work.busy || work.dirty).toBe(false));
      expect(field.value, "the desk's answer leaves the field alone").toBe(text);
    }
    const kept = Date.parse(desk.card?.draft.callback_at ?? "");
    const wall = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Kyiv", timeStyle: "short" });
    expect(wall.format(kept), "in the customer's zone").toBe("23:55");
  });

  it("leads to the comment when a save is refused for want of one", async () => {
    await toWrapUp();
    await press("Digit8");
    await press("Digit1", { shiftKey: true });
    await press("Digit1", { ctrlKey: true });
    await press("Enter", { ctrlKey: true });
    await waitFor(() => expect(document.activeElement).toBeInstanceOf(HTMLTextAreaElement));
    expect(screen.getByRole("alert").textContent).not.toBe("");
  });
});

it("always has the focus where bare keys are heard", async () => {
  const within = (): boolean => document.activeElement !== document.body && document.activeElement !== null;
  expect(within()).toBe(true);
  for (const [code, state] of [
    ["F2", "preview"],
    ["F2", "dialling"],
    ["F2", "talking"],
    ["F6", "hold"],
    ["F6", "talking"],
    ["F8", "wrap_up"],
  ] as const) {
    await press(code);
    await reach(state);
    await waitFor(() => expect(within(), `after ${state}`).toBe(true));
  }
});

it("says the state in words, not by colour alone, in each language", async () => {
  const words = new Set<string>();
  for (const language of ["uk", "ru", "pl", "en"] as const) {
    void i18n.use(language);
    await waitFor(() => expect(shown()).not.toBe(""));
    words.add(shown());
  }
  expect(words.size).toBeGreaterThanOrEqual(3);
});

it("shows what a shop sends as text, never as markup", async () => {
  const payload = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`;
  await press("F2");
  await reach("preview");
  const card = desk.card;
  if (!card) throw new Error("a task is open");
  card.customer_name = payload;
  card.order.customer_note = payload;
  card.order.delivery_address = payload;
  card.order.status = payload;
  for (const line of card.order.lines) line.name = payload;
  if (card.script.step) card.script.step.text = [{ kind: "value", text: payload }, { kind: "missing", text: payload }];
  for (const point of card.checklist) point.text = payload;
  work.refresh();
  await waitFor(() => expect(screen.getAllByText(payload, { exact: false }).length).toBeGreaterThanOrEqual(6));
  expect(document.querySelector("img, .desk script")).toBeNull();
  expect("hacked" in window).toBe(false);
});

it("shows a value that is not known as a gap with its name", async () => {
  await toTalking();
  await press("Digit1");
  await waitFor(() => expect(document.querySelector(".gap")).not.toBeNull());
  const gap = document.querySelector(".gap");
  expect(gap?.textContent).toContain("delivery_date");
});

it("writes down an answer nobody foresaw, also when the call ends before Enter", async () => {
  await toTalking();
  const step = desk.card?.script.step?.id;
  await press("Digit0");
  await waitFor(() => expect(document.activeElement).toBeInstanceOf(HTMLInputElement));
  await fireEvent.input(document.activeElement as HTMLInputElement, { target: { value: "питає про колір" } });
  await press("F8");
  await reach("wrap_up");
  await waitFor(() => expect(desk.commands()).toContain("answer"));
  expect(desk.told.find(({ command }) => command === "answer")?.args).toEqual({ step, digit: null, words: "питає про колір" });
});

it("takes a number typed on an order line, and the next line with Enter", async () => {
  await toTalking();
  await press("F7");
  const first = document.activeElement as HTMLInputElement;
  expect(first.dataset, "F7 leads to the lines").toHaveProperty("quantity");
  await fireEvent.input(first, { target: { value: "12" } });
  await press("Enter");
  expect(document.activeElement).not.toBe(first);
  await waitFor(() => expect(desk.card?.order.lines[0]?.quantity).toBe(12));
  await press("ArrowUp");
  await waitFor(() => expect(desk.card?.order.lines[1]?.quantity).toBe(2));
  await waitFor(() => expect(document.querySelectorAll(".lines .changed")).toHaveLength(2));
});

it("finds a product and puts it into the order by keyboard alone", async () => {
  await toTalking();
  await press("F3");
  const field = document.activeElement as HTMLInputElement;
  await fireEvent.input(field, { target: { value: "праска" } });
  await waitFor(() => expect(document.querySelector('[role="option"][data-active]')).not.toBeNull());
  await press("Enter");
  await waitFor(() => expect(desk.card?.order.lines.at(-1)?.quantity_before).toBe(0));
  expect(document.activeElement, "another can be added at once").toBe(field);
});
