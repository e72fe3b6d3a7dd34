import { beforeEach, describe, expect, it } from "vitest";
import { date, day, duration, money, percent, relative, span, time, weekday } from "./format";
import { i18n, t } from "./i18n/index.svelte";

/* Intl parts amounts with several kinds of space. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, " ");

beforeEach(() => i18n.use("uk"));

describe("values", () => {
  it("are written as each language writes them, at once", () => {
    const hryvnias = { minor: 129_950, currency: "UAH" };
    expect(plain(money(hryvnias))).toBe("1 299,50 ₴");
    void i18n.use("en");
    expect(plain(money(hryvnias))).toBe("₴1,299.50");
    void i18n.use("pl");
    expect(plain(money({ minor: 1_234_500, currency: "PLN" }))).toBe("12 345,00 zł");
  });

  it("keep to the minor units of their currency", () => {
    void i18n.use("en");
    expect(money({ minor: 500, currency: "JPY" })).toBe("¥500");
    expect(plain(money({ minor: -1234, currency: "KWD" }))).toBe("-KWD 1.234");
  });

  it("tell the time of the zone asked for", () => {
    expect(time("2026-01-15T10:00:00Z", "Europe/Kyiv")).toBe("12:00");
    expect(time("2026-07-15T10:00:00Z", "Europe/Kyiv"), "summer time").toBe("13:00");
    void i18n.use("en");
    expect(date("2026-01-15T23:30:00Z", "Europe/Warsaw"), "already the next day there").toBe("16 Jan 2026");
    expect(day("2026-03-29"), "a day is the same in every zone").toBe("29 Mar 2026");
  });

  it("begin the week on Monday", () => {
    expect(weekday(0, "long")).toBe("понеділок");
    void i18n.use("pl");
    expect(weekday(6, "long")).toBe("niedziela");
  });

  it("count time", () => {
    expect([duration(7), duration(247), duration(3753), duration(-1)]).toEqual(["00:07", "04:07", "1:02:33", "00:00"]);
    const now = new Date("2026-01-15T10:00:00Z");
    expect(relative("2026-01-14T10:00:00Z", now)).toBe("учора");
    expect(relative("2026-01-15T10:05:00Z", now)).toBe("через 5 хвилин");
    expect([59, 60, 3599, 86_399, 86_400, -5].map(span).map(plain)).toEqual(["59 с", "1 хв", "59 хв", "23 год", "1 дн.", "0 с"]);
    expect(plain(percent(0.075))).toBe("7,5 %".replace(" ", ""));
  });
});

describe("words", () => {
  it("follow the plural rules", () => {
    const said = (language: "uk" | "ru" | "pl" | "en"): string[] => {
      void i18n.use(language);
      return [1, 3, 5, 21, 22].map((days) => t("load-days", { days }));
    };
    expect(said("uk")).toEqual(["1 день", "3 дні", "5 днів", "21 день", "22 дні"]);
    expect(said("ru")).toEqual(["1 день", "3 дня", "5 дней", "21 день", "22 дня"]);
    expect(said("pl")).toEqual(["1 dzień", "3 dni", "5 dni", "21 dni", "22 dni"]);
    expect(said("en")).toEqual(["1 day", "3 days", "5 days", "21 days", "22 days"]);
  });

  it("throw while developing when there are none", () => {
    expect(() => t("no-such-key")).toThrow("no-such-key");
  });
});
