import { describe, expect, it } from "vitest";
import { momentOf, plusDays, quickTimes, readTime, wallOf } from "./time";

const KYIV = "Europe/Kyiv";

describe("a customer's wall clock", () => {
  it("goes to UTC and back, also over the change of clocks", () => {
    for (const [date, time] of [
      ["2026-01-15", "09:30"],
      ["2026-03-29", "02:59"],
      ["2026-03-29", "04:00"],
      ["2026-10-25", "05:00"],
      ["2026-12-31", "23:59"],
    ] as const) {
      const at = momentOf({ date, time }, KYIV);
      expect(at, `${date} ${time} exists`).not.toBeNull();
      expect(wallOf(at ?? 0, KYIV)).toEqual({ date, time });
    }
    expect(momentOf({ date: "2026-07-01", time: "12:00" }, KYIV)).toBe(Date.parse("2026-07-01T09:00:00Z"));
    expect(momentOf({ date: "", time: "12:00" }, KYIV)).toBeNull();
  });

  it("counts days by the calendar", () => {
    expect(plusDays("2026-02-28", 1)).toBe("2026-03-01");
    expect(plusDays("2026-03-30", -29)).toBe("2026-03-01");
  });
});

describe("quick times to call back", () => {
  it("are rounded, in the customer's zone, and never in the past", () => {
    const noon = Date.parse("2026-07-01T09:02:00Z");
    expect(quickTimes(noon, KYIV).map(({ id, at }) => [id, wallOf(at, KYIV).time])).toEqual([
      ["hour", "13:05"],
      ["evening", "18:30"],
      ["tomorrow", "10:00"],
    ]);
    const late = Date.parse("2026-07-01T16:30:00Z");
    expect(quickTimes(late, KYIV).map(({ id }) => id)).toEqual(["hour", "tomorrow"]);
  });
});

it("reads a time of day as people type it", () => {
  expect(["9", "930", "9:30", "18.30", " 18 05 ", "1830"].map(readTime)).toEqual([
    "09:00", "09:30", "09:30", "18:30", "18:05", "18:30",
  ]);
  expect(["", "24", "9:75", "9:3", "half past"].map(readTime)).toEqual([null, null, null, null, null]);
});
