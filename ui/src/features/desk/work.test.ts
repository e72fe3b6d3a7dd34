import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DeskDouble } from "./double";
import { sampleWorld } from "./sample";
import { DeskWork, KEEP_AFTER_MS } from "./work.svelte";

let desk: DeskDouble;
let work: DeskWork;

/** Lets every promise that is ready run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}

/** Answers everything that is held, and what follows from it. */
async function releaseAll(): Promise<void> {
  await settle();
  while (desk.release()) await settle();
}

async function talking(): Promise<void> {
  work.goOn();
  work.goOn();
  work.goOn();
  await settle();
}

beforeEach(async () => {
  vi.useFakeTimers();
  desk = new DeskDouble(sampleWorld("uk"));
  desk.install();
  work = new DeskWork();
  work.open("person-1");
  await settle();
  desk.told = [];
});

afterEach(() => {
  desk.remove();
  vi.useRealTimers();
});

describe("quick keys", () => {
  it("keep their order and their meaning however slow the desk is", async () => {
    desk.slow = true;
    work.goOn();
    work.goOn();
    work.goOn();
    work.digit(1);
    work.digit(1);
    work.act("hang_up");
    work.save(true);
    await settle();
    expect(desk.commands(), "the second key waits for the answer to the first").toEqual(["act"]);
    await releaseAll();
    expect(
      desk.told.map(({ command, args }) => [command, args["action"] ?? args["digit"] ?? args["takeNext"]]),
      "each key is read against what the one before it has led to",
    ).toEqual([
      ["act", "next_task"],
      ["act", "dial"],
      ["act", "answered"],
      ["answer", 1],
      ["answer", 1],
      ["act", "hang_up"],
      ["save_result", true],
    ]);
    expect(desk.saved, "the script has set the outcome and the reason").toEqual([
      { outcome: "confirmed", reason: "order", subreason: "confirmation", comment: "", callback_at: null },
    ]);
  });

  it("behind a refused step are dropped, for they counted on it", async () => {
    desk.refusals["act"] = [{ code: "queue-empty", args: {}, message: "nobody" }];
    desk.slow = true;
    work.goOn();
    work.goOn();
    await releaseAll();
    expect(desk.commands()).toEqual(["act"]);
    expect(work.error?.code).toBe("queue-empty");
    desk.slow = false;
    work.goOn();
    await settle();
    expect(work.error, "the next success takes the notice away").toBeNull();
    expect(work.view?.state).toBe("preview");
  });

  it("that the state does not allow ask for nothing", async () => {
    work.act("hang_up");
    work.holdOrResume();
    work.digit(3);
    work.stepBack();
    await settle();
    expect(desk.commands()).toEqual([]);
  });

  it("of a stepper send only the last quantity", async () => {
    await talking();
    desk.slow = true;
    desk.told = [];
    for (const pieces of [3, 4, 5, 6]) work.setQuantity("line:4", pieces);
    expect(work.quantity("line:4", 2), "the screen does not wait for the desk").toBe(6);
    await releaseAll();
    expect(
      desk.told.map(({ args }) => (args["edit"] as { quantity: number }).quantity),
      "the first was under way already; those between are spared",
    ).toEqual([3, 6]);
    expect(desk.card?.order.lines[2]?.quantity).toBe(6);
  });
});

it("never dials by Space, and goes on from a step that only says", async () => {
  work.said();
  await settle();
  expect(desk.commands(), "nothing is said while nobody is on the line").toEqual([]);
  await talking();
  if (desk.card) desk.card.script.step = { id: "thanks", text: [], answers: [] };
  work.refresh();
  await settle();
  work.said();
  await settle();
  expect(desk.told.at(-1)).toMatchObject({ command: "answer", args: { step: "thanks", digit: null, words: null } });
  if (desk.card) desk.card.script.step = { id: "end", text: [], answers: [] };
  work.refresh();
  await settle();
  const asked = desk.told.length;
  work.said();
  work.goOn();
  await settle();
  expect(desk.told, "the end of a script is no step to go on from").toHaveLength(asked);
});

describe("what is typed", () => {
  it("is kept after a short rest, and at once when a field is left", async () => {
    await talking();
    desk.told = [];
    work.set("comment", "п");
    work.set("comment", "пе");
    vi.advanceTimersByTime(KEEP_AFTER_MS - 1);
    await settle();
    expect(desk.commands(), "not with every letter").toEqual([]);
    vi.advanceTimersByTime(1);
    await settle();
    expect(desk.card?.draft.comment).toBe("пе");
    work.set("comment", "пере");
    work.keepNow();
    await settle();
    expect(desk.card?.draft.comment).toBe("пере");
    expect(work.dirty).toBe(false);
  });

  it("is never overwritten by an answer that comes late", async () => {
    await talking();
    desk.slow = true;
    work.set("comment", "before");
    work.keepNow();
    await settle();
    work.set("comment", "before and after");
    desk.release();
    await settle();
    expect(work.view?.card?.draft.comment, "the late answer is here").toBe("before");
    expect(work.draft.comment, "what was typed meanwhile stands").toBe("before and after");
    vi.advanceTimersByTime(KEEP_AFTER_MS);
    await releaseAll();
    expect(desk.card?.draft.comment).toBe("before and after");
  });

  it("survives answers to other commands", async () => {
    await talking();
    desk.slow = true;
    work.digit(1);
    await settle();
    work.set("comment", "typed while the answer was on its way");
    await releaseAll();
    expect(work.draft.comment).toBe("typed while the answer was on its way");
  });

  it("goes out before the next step, so that what the script sets afterwards wins", async () => {
    await talking();
    work.set("comment", "first");
    work.choose("outcome", "cancelled");
    work.tick("point-0", true);
    await settle();
    const order = desk.commands().slice(-2);
    expect(order).toEqual(["keep_draft", "tick"]);
    expect(desk.card?.draft).toMatchObject({ comment: "first", outcome: "cancelled" });
  });

  it("is tried again until it is kept, and said to be at risk meanwhile", async () => {
    await talking();
    desk.refusals["keep_draft"] = [
      { code: "store-failed", args: {}, message: "busy disk" },
      { code: "store-failed", args: {}, message: "busy disk" },
    ];
    work.set("comment", "must not be lost");
    vi.advanceTimersByTime(KEEP_AFTER_MS);
    await settle();
    expect(work.atRisk).toBe(true);
    expect(work.draft.comment).toBe("must not be lost");
    vi.advanceTimersByTime(1000);
    await settle();
    vi.advanceTimersByTime(2000);
    await settle();
    expect(desk.card?.draft.comment).toBe("must not be lost");
    expect(work.atRisk).toBe(false);
  });

  it("is kept through a locked screen and sent after it", async () => {
    await talking();
    desk.refusals["keep_draft"] = [{ code: "sign-in-needed", args: {}, message: "locked" }];
    work.set("comment", "typed as the screen locked");
    work.keepNow();
    await settle();
    vi.advanceTimersByTime(60_000);
    await settle();
    expect(desk.card?.draft.comment, "nothing is sent while locked").toBe("");
    work.open("person-1");
    await settle();
    expect(desk.card?.draft.comment).toBe("typed as the screen locked");
  });

  it("goes with a save that is pressed before the rest is over", async () => {
    await talking();
    work.act("hang_up");
    await settle();
    work.choose("outcome", "voicemail");
    work.set("comment", "last words");
    work.save(false);
    await settle();
    expect(desk.saved[0]).toMatchObject({ outcome: "voicemail", comment: "last words" });
    expect(work.dirty, "nothing is left to leak into the next card").toBe(false);
  });

  it("stays when the save is refused", async () => {
    await talking();
    work.act("hang_up");
    await settle();
    desk.refusals["save_result"] = [{ code: "outcome-missing", args: {}, message: "choose" }];
    work.set("comment", "words");
    work.save(true);
    await settle();
    expect(work.refusedSaves).toBe(1);
    expect(work.draft.comment).toBe("words");
    vi.advanceTimersByTime(KEEP_AFTER_MS);
    await settle();
    expect(desk.card?.draft.comment).toBe("words");
  });

  it("is not shown to another person", async () => {
    await talking();
    desk.slow = true;
    work.set("comment", "mine");
    work.open("person-2");
    expect(work.view).toBeNull();
    expect(work.draft.comment).toBe("");
    await releaseAll();
  });
});

it("forgets the second level of a reason when the first changes", async () => {
  await talking();
  work.act("hang_up");
  await settle();
  work.chooseReason(0);
  work.chooseSubreason(1);
  await settle();
  expect(work.draft).toMatchObject({ reason: "order", subreason: "change" });
  work.chooseReason(1);
  await settle();
  expect(work.draft).toMatchObject({ reason: "delivery", subreason: "" });
});
