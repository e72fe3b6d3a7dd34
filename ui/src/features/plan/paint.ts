/*
 * A row of the plan as one picture. Hundreds of cells are in sight and each step by key may bring a new row: made of
 * elements, a row takes the window longer than a key may take to show; painted, a twentieth of that.
 */

import { TONES } from "./words";

/** A shift as it is shown; strings and shares only, so that two can be compared. */
export interface Chip {
  code: string;
  letter: string;
  /** Which of the colours of projects. */
  tone: number;
  /** When it begins, and where there is room, when it ends. */
  time: string;
  /** Where in the day it lies, in parts of the day; past midnight it goes on out of the picture. */
  from: number;
  until: number;
  pinned: boolean;
  changed: boolean;
}

export interface Cell {
  chips: readonly Chip[];
  broken: boolean;
  /** The day is asked for as free, or wished for. */
  asked: "off" | "wish" | null;
  /** A word in a cell without shifts, and whether the day off is pinned. */
  word: string;
  pinned: boolean;
}

export interface Size {
  cell: number;
  row: number;
  /** There is room to tell the time of a shift. */
  hours: boolean;
}

/** Colours and letters of the theme, as the picture needs them. */
export interface Palette {
  font: string;
  weights: { normal: number; medium: number; strong: number };
  /** Pixels of the screen to one of the page. */
  ratio: number;
  ink: string;
  ink2: string;
  ink3: string;
  accent: string;
  danger: string;
  dangerFill: string;
  onDanger: string;
  edge: string;
  hatch: string;
  pressed: string;
  tones: readonly { fill: string; bar: string; track: string }[];
}

const MIXED = "light-dark(color-mix(in oklab, var(--tone) 18%, var(--surface)), color-mix(in oklab, var(--tone) 27%, var(--surface)))";

/** Reads the palette off an element, in whose theme it is. */
export function paletteOf(place: HTMLElement): Palette {
  const probe = place.appendChild(document.createElement("i"));
  const style = getComputedStyle(probe);
  const colour = (value: string): string => {
    probe.style.backgroundColor = value;
    return style.backgroundColor;
  };
  const weight = (name: string): number => Number(style.getPropertyValue(`--w-${name}`)) || 400;
  const tones = Array.from({ length: TONES }, (_, tone) => {
    probe.style.setProperty("--tone", `var(--project-${tone})`);
    return { fill: colour(MIXED), bar: colour("var(--tone)"), track: colour("color-mix(in oklab, var(--tone) 22%, transparent)") };
  });
  const palette = {
    font: style.fontFamily,
    weights: { normal: weight("normal"), medium: weight("medium"), strong: weight("strong") },
    ratio: window.devicePixelRatio,
    ink: colour("var(--ink)"),
    ink2: colour("var(--ink-2)"),
    ink3: colour("var(--ink-3)"),
    accent: colour("var(--accent)"),
    danger: colour("var(--danger)"),
    dangerFill: colour("var(--danger-fill)"),
    onDanger: colour("var(--on-accent)"),
    edge: colour("var(--edge)"),
    hatch: colour("var(--hover)"),
    pressed: colour("var(--pressed)"),
    tones,
  };
  probe.remove();
  return palette;
}

/** Calls back when what a palette is read from may have changed, until the answer is called. */
export function onLookChange(run: () => void): () => void {
  const theme = new MutationObserver(run);
  theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  const dark = window.matchMedia?.("(prefers-color-scheme: dark)");
  dark?.addEventListener("change", run);
  // Letters that come late, and another scale of the screen.
  document.fonts?.addEventListener("loadingdone", run);
  window.addEventListener("resize", run);
  return () => {
    theme.disconnect();
    dark?.removeEventListener("change", run);
    document.fonts?.removeEventListener("loadingdone", run);
    window.removeEventListener("resize", run);
  };
}

/** Paints a row anew. */
export function paintRow(canvas: HTMLCanvasElement, cells: readonly Cell[], size: Size, palette: Palette): void {
  const pen = canvas.getContext("2d");
  if (!pen) return;
  // Setting its size also wipes it.
  canvas.width = Math.round(cells.length * size.cell * palette.ratio);
  canvas.height = Math.round((size.row - 1) * palette.ratio);
  pen.scale(palette.ratio, palette.ratio);
  cells.forEach((cell, column) => paintCell(pen, cell, column * size.cell, size, palette));
}

type Pen = CanvasRenderingContext2D;

function paintCell(pen: Pen, cell: Cell, x: number, size: Size, palette: Palette): void {
  if (cell.asked === "off") hatch(pen, x, size, palette);
  const [left, width] = [x + 3, size.cell - 5];
  const [first, second] = cell.chips;
  if (first && second) {
    const half = (width - 1) / 2;
    paintChip(pen, first, cell.broken, left, half, size, palette);
    paintChip(pen, second, cell.broken, left + half + 1, half, size, palette);
  } else if (first) paintChip(pen, first, cell.broken, left, width, size, palette);
  else if (cell.word) paintWord(pen, cell, left + width / 2, size, palette);
}

function paintChip(pen: Pen, chip: Chip, broken: boolean, x: number, width: number, size: Size, palette: Palette): void {
  const tone = palette.tones[chip.tone];
  if (!tone) return;
  const { font, weights } = palette;
  const [top, high] = [2, size.row - 6];
  const bottom = top + high;
  pen.fillStyle = tone.fill;
  round(pen, x, top, width, high, 5);
  pen.fill();

  const marked = broken || chip.pinned;
  const track = width - 14 - (marked ? 15 : 4);
  pen.fillStyle = tone.track;
  pen.fillRect(x + 14, bottom - 7, track, 3);
  pen.fillStyle = tone.bar;
  pen.fillRect(x + 14 + chip.from * track, bottom - 7, (chip.until - chip.from) * track, 3);

  pen.textAlign = "left";
  pen.textBaseline = "alphabetic";
  pen.fillStyle = palette.ink;
  pen.font = `${weights.strong} 11.5px ${font}`;
  pen.fillText(chip.code, x + 4, top + (size.hours ? 12 : 13), width - 6);
  pen.fillStyle = palette.ink2;
  if (size.hours) {
    pen.font = `${weights.normal} 9.5px ${font}`;
    pen.fillText(chip.time, x + 4, top + 24, width - 6);
  }
  pen.font = `${weights.medium} 9px ${font}`;
  pen.fillText(chip.letter, x + 4, bottom - 3.5);

  if (broken) {
    pen.fillStyle = palette.dangerFill;
    round(pen, x + width - 14, bottom - 14, 11, 11, 3);
    pen.fill();
    pen.fillStyle = palette.onDanger;
    pen.font = `${weights.strong} 9.5px ${font}`;
    pen.textAlign = "center";
    pen.fillText("!", x + width - 8.5, bottom - 5);
    pen.strokeStyle = palette.danger;
    pen.lineWidth = 1.5;
    round(pen, x + 0.75, top + 0.75, width - 1.5, high - 1.5, 4.25);
    pen.stroke();
  } else if (chip.pinned) pin(pen, x + width - 10, bottom - 10, palette.ink2);
  if (chip.changed) corner(pen, x, top, palette.accent);
}

/** A day off, asked for or pinned, or a wish for work. */
function paintWord(pen: Pen, cell: Cell, middle: number, size: Size, palette: Palette): void {
  pen.font = `${palette.weights.normal} 10px ${palette.font}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const room = size.cell - 7;
  const line = (size.row - 1) / 2;
  const framed = cell.pinned || cell.asked === "wish";
  const before = cell.pinned ? 10 : 0;
  const width = Math.min(room, pen.measureText(cell.word).width + before + (framed ? 8 : 0));
  const left = middle - width / 2;
  if (cell.pinned) {
    pen.fillStyle = palette.pressed;
    round(pen, left, line - 8, width, 16, 4);
    pen.fill();
    pin(pen, left + 4, line - 4, palette.ink2);
  } else if (framed) {
    pen.strokeStyle = palette.edge;
    pen.lineWidth = 1;
    pen.setLineDash([3, 2]);
    round(pen, left + 0.5, line - 7.5, width - 1, 15, 3);
    pen.stroke();
    pen.setLineDash([]);
  }
  pen.fillStyle = cell.pinned ? palette.ink2 : palette.ink3;
  pen.fillText(cell.word, middle + before / 2, line + 0.5, width - before - (framed ? 6 : 0));
}

function round(pen: Pen, x: number, y: number, width: number, height: number, radius: number): void {
  pen.beginPath();
  pen.roundRect(x, y, width, height, radius);
}

/** Stripes under a day that is asked for as free. */
function hatch(pen: Pen, x: number, size: Size, palette: Palette): void {
  const high = size.row - 1;
  pen.save();
  pen.beginPath();
  pen.rect(x, 0, size.cell, high);
  pen.clip();
  pen.strokeStyle = palette.hatch;
  pen.lineWidth = 4;
  pen.beginPath();
  for (let at = -high; at < size.cell + high; at += 8 * Math.SQRT2) {
    pen.moveTo(x + at, high);
    pen.lineTo(x + at + high, 0);
  }
  pen.stroke();
  pen.restore();
}

function pin(pen: Pen, x: number, y: number, colour: string): void {
  const path: readonly (readonly [number, number])[] = [
    [1.75, 0.5],
    [5.25, 0.5],
    [4.8, 2.6],
    [6, 4],
    [3.9, 4],
    [3.9, 6.7],
    [3.1, 6.7],
    [3.1, 4],
    [1, 4],
    [2.2, 2.6],
  ];
  pen.fillStyle = colour;
  pen.beginPath();
  for (const [dx, dy] of path) pen.lineTo(x + dx, y + dy);
  pen.closePath();
  pen.fill();
}

/** The upper left corner, of a shift that differs from what is published. */
function corner(pen: Pen, x: number, y: number, colour: string): void {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.moveTo(x, y + 7);
  pen.lineTo(x, y + 5);
  pen.arcTo(x, y, x + 5, y, 5);
  pen.lineTo(x + 7, y);
  pen.closePath();
  pen.fill();
}
