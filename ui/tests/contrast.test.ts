/* The tokens hold WCAG AA in both themes: 4.5:1 for words, 3:1 for the edges of fields and the focus ring. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

type Rgb = readonly [number, number, number];
const css = readFileSync(join(import.meta.dirname, "../src/tokens.css"), "utf8");

/** Linear sRGB of an `oklch()`, by Ottosson's matrices. */
function oklch(text: string): Rgb {
  const [l = 0, c = 0, h = 0] = text.split(/[\s/]+/).map(Number);
  const [a, b] = [c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)];
  const L = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const M = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const S = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clamp = (x: number): number => Math.min(1, Math.max(0, x));
  return [
    clamp(4.0767416621 * L - 3.3077115913 * M + 0.2309699292 * S),
    clamp(-1.2684380046 * L + 2.6097574011 * M - 0.3413193965 * S),
    clamp(-0.0041960863 * L - 0.7034186147 * M + 1.707614701 * S),
  ];
}

function token(name: string, theme: "light" | "dark"): Rgb {
  const value = new RegExp(`--${name}:\\s*([^;]+);`).exec(css)?.[1] ?? "";
  const colours = [...value.matchAll(/oklch\(([^)]*)\)/g)].map((match) => match[1] ?? "");
  expect(colours.length, `--${name} is no colour`).toBeGreaterThan(0);
  return oklch((theme === "light" ? colours[0] : colours.at(-1)) ?? "");
}

const light = (rgb: Rgb): number => 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2] + 0.05;
const contrast = (a: Rgb, b: Rgb): number => Math.max(light(a), light(b)) / Math.min(light(a), light(b));

/** A tone laid thinly over a ground, as pills and badges are. */
function wash(tone: Rgb, ground: Rgb, share: number): Rgb {
  const encode = (x: number): number => (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055);
  const decode = (x: number): number => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
  const mix = (at: 0 | 1 | 2): number => decode(encode(tone[at]) * share + encode(ground[at]) * (1 - share));
  return [mix(0), mix(1), mix(2)];
}

const GROUNDS = ["ground", "surface", "raised", "sunken"];
const STATES = ["ready", "preview", "dialling", "talking", "hold", "wrap_up", "pause", "success", "warn", "danger"];

describe.each(["light", "dark"] as const)("%s", (theme) => {
  const of = (name: string): Rgb => token(name, theme);

  it.each(["ink", "ink-2", "ink-3", "accent-ink", "danger", "warn", "success"])("%s is read on every surface", (name) => {
    for (const ground of GROUNDS) expect(contrast(of(name), of(ground)), ground).toBeGreaterThanOrEqual(4.5);
  });

  it.each(STATES)("the pill of %s is read", (state) => {
    for (const ground of ["ground", "surface"]) {
      expect(contrast(of(state), wash(of(state), of(ground), 0.13)), ground).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("filled buttons are read", () => {
    for (const fill of ["accent", "accent-hover", "danger-fill", "danger-fill-hover"]) {
      expect(contrast(of("on-accent"), of(fill)), fill).toBeGreaterThanOrEqual(4.5);
    }
    for (const name of ["ink", "ink-2", "accent-ink"]) {
      expect(contrast(of(name), of("accent-soft")), name).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("numbers are read at every depth of the heat map", () => {
    for (let level = 1; level <= 6; level += 1) {
      const words = of(level > 4 ? "on-heat-high" : "ink");
      expect(contrast(words, of(`heat-${level}`)), String(level)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("numbers are read below and above what was", () => {
    for (const side of ["under", "over"]) {
      for (let depth = 1; depth <= 3; depth += 1) {
        expect(contrast(of("ink"), of(`${side}-${depth}`)), `${side}-${depth}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it("edges of fields and the focus ring are seen", () => {
    for (const edge of ["edge-field", "edge-strong", "focus"]) {
      for (const ground of ["surface", "raised"]) {
        expect(contrast(of(edge), of(ground)), `${edge} on ${ground}`).toBeGreaterThanOrEqual(3);
      }
    }
  });
});
