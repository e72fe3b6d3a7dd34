// The desk's keys, by their physical place. What a key means is left to the moment its turn comes:
// the key after a quick key is pressed before the desk has replied to it.
import type { Shortcut } from "@/lib/keyboard.svelte";
import type { DeskAction } from "@/lib/ipc";
import type { DeskWork } from "./work.svelte";

/** Where the keys lead on the screen itself. */
export type Places = {
  findProduct: () => void;
  orderLines: () => void;
  comment: () => void;
  otherAnswer: () => void;
  choosePause: () => void;
  /** Leaves a field without losing a letter of it. */
  leave: () => void;
  /** Steps into the queue. */
  queue: () => void;
};

const GROUP = { call: "desk-keys-call", script: "desk-keys-script", order: "desk-keys-order", result: "desk-keys-result" };

/** The first two are shown where keys are listed: from one to nine. */
const DIGITS = [1, 9, 2, 3, 4, 5, 6, 7, 8];

function digitOf(event: KeyboardEvent): number {
  return Number(event.code.slice(-1));
}

/** The key of an action, as it is printed on its button. */
export const KEY: Record<Exclude<DeskAction, "work">, string> = {
  next_task: "F2",
  dial: "F2",
  answered: "F2",
  put_back: "Shift+F2",
  no_answer: "F4",
  busy: "Shift+F4",
  hold: "F6",
  resume: "F6",
  hang_up: "F8",
  save: "Ctrl+Enter",
  pause: "F10",
  ready: "F10",
};

export function deskKeys(work: DeskWork, places: Places): Shortcut[] {
  /** Possible now, or perhaps possible once the commands under way are done. */
  const perhaps = (...actions: DeskAction[]) => (): boolean => work.busy || actions.some((action) => work.can(action));
  const inCard = (): boolean => work.busy || work.view?.card != null;
  const act = (id: string, action: DeskAction & keyof typeof KEY): Shortcut => ({
    id: `desk-${id}`,
    keys: KEY[action],
    label: `action-${action}`,
    group: GROUP.call,
    inFields: true,
    when: perhaps(action),
    run: () => work.act(action),
  });

  return [
    { id: "desk-go-on", keys: "F2", label: "desk-key-go-on", group: GROUP.call, inFields: true, hidden: true, run: () => work.goOn() },
    // The same in the sheet of keys: Enter only where nothing is typed.
    { id: "desk-go-on", keys: ["F2", "Enter"], label: "desk-key-go-on", group: GROUP.call, run: () => work.goOn() },
    // Space never dials: it is too easily hit by whoever believes to be typing.
    { id: "desk-said", keys: "Space", label: "desk-said", group: GROUP.script, hidden: true, when: perhaps("work"), run: () => work.said() },
    act("put-back", "put_back"),
    act("no-answer", "no_answer"),
    act("busy", "busy"),
    {
      id: "desk-hold",
      keys: KEY.hold,
      label: "desk-key-hold",
      group: GROUP.call,
      inFields: true,
      when: perhaps("hold", "resume"),
      run: () => work.holdOrResume(),
    },
    act("hang-up", "hang_up"),
    {
      id: "desk-pause",
      keys: KEY.pause,
      label: "desk-key-pause",
      group: GROUP.call,
      inFields: true,
      when: perhaps("pause", "ready"),
      run: () => (work.view?.state === "pause" ? work.act("ready") : places.choosePause()),
    },
    {
      id: "desk-queue",
      keys: ["ArrowDown", "ArrowUp"],
      label: "desk-key-queue",
      group: GROUP.call,
      when: () => work.view?.state === "ready",
      run: places.queue,
    },
    {
      id: "desk-digit",
      keys: DIGITS.map((digit) => `Digit${digit}`),
      label: "desk-key-digit",
      group: GROUP.script,
      hidden: true,
      when: inCard,
      run: (event) => work.digit(digitOf(event)),
    },
    {
      id: "desk-other-answer",
      keys: "Digit0",
      label: "desk-key-other-answer",
      group: GROUP.script,
      when: perhaps("work"),
      run: places.otherAnswer,
    },
    {
      id: "desk-step-back",
      keys: "Backspace",
      label: "desk-key-step-back",
      group: GROUP.script,
      when: perhaps("work"),
      run: () => work.stepBack(),
    },
    {
      id: "desk-find-product",
      keys: "F3",
      label: "desk-key-find-product",
      group: GROUP.order,
      inFields: true,
      when: inCard,
      run: places.findProduct,
    },
    {
      id: "desk-order-lines",
      keys: "F7",
      label: "desk-key-order-lines",
      group: GROUP.order,
      inFields: true,
      when: inCard,
      run: places.orderLines,
    },
    {
      id: "desk-reason",
      keys: DIGITS.map((digit) => `Shift+Digit${digit}`),
      label: "desk-key-reason",
      group: GROUP.result,
      hidden: true,
      when: () => work.busy || work.view?.state === "wrap_up",
      run: (event) => work.chooseReason(digitOf(event) - 1),
    },
    {
      id: "desk-subreason",
      keys: DIGITS.map((digit) => `Ctrl+Digit${digit}`),
      label: "desk-key-subreason",
      group: GROUP.result,
      hidden: true,
      inFields: true,
      when: () => work.busy || work.view?.state === "wrap_up",
      run: (event) => work.chooseSubreason(digitOf(event) - 1),
    },
    {
      id: "desk-comment",
      keys: "F9",
      label: "desk-key-comment",
      group: GROUP.result,
      inFields: true,
      when: inCard,
      run: places.comment,
    },
    {
      id: "desk-save",
      keys: KEY.save,
      label: "desk-key-save",
      group: GROUP.result,
      inFields: true,
      when: () => work.busy || work.view?.state === "wrap_up",
      run: () => work.save(true),
    },
    {
      id: "desk-undo",
      keys: "Ctrl+Shift+KeyZ",
      label: "desk-key-undo",
      group: GROUP.result,
      inFields: true,
      when: () => work.busy || work.view?.undo != null,
      run: () => work.undo(),
    },
    {
      id: "desk-leave",
      keys: "Escape",
      label: "desk-key-leave",
      group: GROUP.script,
      inFields: true,
      hidden: true,
      run: places.leave,
    },
  ];
}
