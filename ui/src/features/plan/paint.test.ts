import { expect, it, vi } from "vitest";
import { paintRow, type Cell, type Chip, type Palette } from "./paint";

const tone = { fill: "fill", bar: "bar", track: "track" };
const palette: Palette = {
  font: "sans",
  weights: { normal: 400, medium: 500, strong: 600 },
  ratio: 2,
  ink: "ink",
  ink2: "ink2",
  ink3: "ink3",
  accent: "accent",
  danger: "danger",
  dangerFill: "dangerFill",
  onDanger: "onDanger",
  edge: "edge",
  hatch: "hatch",
  pressed: "pressed",
  tones: [tone, tone],
};
const size = { cell: 60, row: 46, hours: true };
const chip: Chip = { code: "E8", letter: "B", tone: 1, time: "08:00", from: 0.25, until: 0.75, pinned: false, changed: false };
const empty: Cell = { chips: [], broken: false, asked: null, word: "", pinned: false };

/** What a row writes and fills, with the colour it does so in. */
function painted(cells: Cell[]): { texts: string[]; bars: number[][]; canvas: HTMLCanvasElement } {
  const [texts, bars]: [string[], number[][]] = [[], []];
  const pen: Record<string, unknown> = {};
  const known: Record<string, unknown> = {
    fillText: (text: string, x: number) => texts.push(`${String(pen["fillStyle"])} ${text} ${x}`),
    fillRect: (x: number, _y: number, width: number) => pen["fillStyle"] === "bar" && bars.push([x, width]),
    measureText: () => ({ width: 20 }),
  };
  const recorder = new Proxy(pen, { get: (target, name: string) => known[name] ?? target[name] ?? (() => undefined) });
  const canvas = document.createElement("canvas");
  vi.spyOn(canvas, "getContext").mockReturnValue(recorder as unknown as RenderingContext);
  paintRow(canvas, cells, size, palette);
  return { texts, bars, canvas };
}

it("writes the code, the time and the project's letter, so that no colour is needed", () => {
  const { texts } = painted([empty, { ...empty, chips: [chip] }]);
  expect(texts).toEqual(["ink E8 67", "ink2 08:00 67", "ink2 B 67"]);
});

it("draws a bar where in the day the shift lies", () => {
  const { bars } = painted([{ ...empty, chips: [chip] }]);
  const track = 55 - 14 - 4;
  expect(bars).toEqual([[3 + 14 + 0.25 * track, 0.5 * track]]);
});

it("marks a broken rule by a sign, and leaves the bar room beside it", () => {
  const { texts, bars } = painted([{ ...empty, chips: [chip], broken: true }]);
  expect(texts).toContain("onDanger ! 49.5");
  expect(bars[0]?.[1]).toBe(0.5 * (55 - 14 - 15));
});

it("puts two shifts of one day side by side", () => {
  const { texts } = painted([{ ...empty, chips: [chip, { ...chip, code: "L8" }], broken: true }]);
  expect(texts.filter((text) => /E8|L8/.test(text))).toEqual(["ink E8 7", "ink L8 35"]);
});

it("says what a day without shifts is", () => {
  const { texts } = painted([{ ...empty, word: "off", asked: "off" }, { ...empty, word: "off", pinned: true }]);
  expect(texts).toEqual(["ink3 off 30.5", "ink2 off 95.5"]);
});

it("is as sharp as the screen", () => {
  const { canvas } = painted([empty, empty]);
  expect([canvas.width, canvas.height]).toEqual([240, 90]);
});
