import { afterEach, describe, expect, it, vi } from "vitest";
import { bind, chord, hold, keyCaps, press, shortcuts, type Shortcut } from "./keyboard.svelte";

const stops: (() => void)[] = [];

function bound(keys: string | string[], more: Partial<Shortcut> = {}): ReturnType<typeof vi.fn> {
  const run = vi.fn();
  stops.push(bind([{ id: String(keys), keys, label: "save", group: "shortcuts-app", run, ...more }]));
  return run;
}

function key(code: string, init: KeyboardEventInit & { on?: Element } = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { code, bubbles: true, cancelable: true, ...init });
  (init.on ?? document.body).dispatchEvent(event);
  press(event);
  return event;
}

function field(tag: "input" | "textarea" | "button"): HTMLElement {
  const made = document.createElement(tag);
  document.body.append(made);
  stops.push(() => made.remove());
  return made;
}

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  expect(shortcuts(), "a binding must end with its screen").toEqual([]);
});

describe("keys", () => {
  it("follow the place, not the letter, so every layout works", () => {
    const run = bound("Ctrl+KeyK");
    key("KeyK", { ctrlKey: true, key: "л" });
    expect(run, "Cyrillic layouts say л for the same key").toHaveBeenCalledOnce();
  });

  it("never use Ctrl+Alt, which types ą ć ę in Polish", () => {
    const run = bound("Ctrl+KeyA");
    key("KeyA", { ctrlKey: true, altKey: true, key: "ą" });
    expect(run).not.toHaveBeenCalled();
    expect(chord(new KeyboardEvent("keydown", { code: "KeyA", altKey: true }))).toBe("");
  });

  it("leave text fields alone unless marked", () => {
    const [digit, save] = [bound("Digit1"), bound("Ctrl+Enter", { inFields: true })];
    for (const tag of ["input", "textarea"] as const) {
      expect(key("Digit1", { on: field(tag) }).defaultPrevented, "the digit is typed").toBe(false);
      key("Enter", { ctrlKey: true, on: field(tag) });
    }
    expect(digit).not.toHaveBeenCalled();
    expect(save).toHaveBeenCalledTimes(2);
  });

  it("leave Enter and Space to a focused button", () => {
    const run = bound(["F2", "Enter"]);
    key("Enter", { on: field("button") });
    expect(run, "the button itself answers").not.toHaveBeenCalled();
    key("Enter");
    key("F2");
    expect(run).toHaveBeenCalledTimes(2);
  });

  it("take the number pad for the digits", () => {
    const run = bound("Digit7");
    key("Numpad7");
    expect(run).toHaveBeenCalledOnce();
  });

  it("do not repeat while held down, yet keep the key from the page", () => {
    const run = bound("F8");
    expect(key("F8", { repeat: true }).defaultPrevented).toBe(true);
    expect(run, "a held key must not hang up twice").not.toHaveBeenCalled();
  });

  it("are quiet behind a dialog unless meant for it", () => {
    const [dial, lock] = [bound("F2"), bound("Ctrl+Shift+KeyL", { inDialogs: true })];
    const release = hold();
    key("F2");
    key("KeyL", { ctrlKey: true, shiftKey: true });
    release();
    release();
    expect(dial).not.toHaveBeenCalled();
    expect(lock).toHaveBeenCalledOnce();
    key("F2");
    expect(dial, "closing twice must not count twice").toHaveBeenCalledOnce();
  });

  it("give the latest binding that can be done now", () => {
    const [page, dialog] = [bound("F2"), bound("F2", { when: () => false })];
    key("F2");
    expect(page).toHaveBeenCalledOnce();
    expect(dialog).not.toHaveBeenCalled();
  });

  it("are named as they are printed", () => {
    expect(keyCaps("Ctrl+Shift+KeyZ")).toEqual(["Ctrl", "Shift", "Z"]);
    expect(keyCaps("Digit1")).toEqual(["1"]);
  });
});
