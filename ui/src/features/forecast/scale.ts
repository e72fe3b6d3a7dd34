// Arithmetic of drawing: where a value lies on the paper. Nothing here knows what a call is.

/** Ends of an axis and the values at which lines are drawn, all round numbers. */
export function axis(highest: number, lines = 4): { top: number; ticks: number[] } {
  const rough = Math.max(highest, 1) / lines;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 2.5, 5, 10].find((times) => times * size >= rough) ?? 10) * size);
  const count = Math.max(1, Math.ceil(highest / step));
  return { top: step * count, ticks: Array.from({ length: count + 1 }, (_, at) => at * step) };
}

export type Point = { x: number; y: number };

/** A line through the points; it is broken where there is none. */
export function line(points: readonly (Point | null)[]): string {
  let pen = "M";
  let path = "";
  for (const point of points) {
    if (point) path += `${pen}${round(point.x)} ${round(point.y)}`;
    pen = point ? "L" : "M";
  }
  return path;
}

/** The surface between two lines, in as many pieces as there are gaps. */
export function band(points: readonly ({ x: number; low: number; high: number } | null)[]): string {
  const pieces: { x: number; low: number; high: number }[][] = [[]];
  for (const point of points) {
    if (point) pieces.at(-1)?.push(point);
    else if (pieces.at(-1)?.length !== 0) pieces.push([]);
  }
  return pieces
    .filter((piece) => piece.length > 0)
    .map((piece) => {
      // A day between two closed ones still has a width.
      const wide = piece.length === 1 ? piece.flatMap((one) => [{ ...one, x: one.x - 2 }, { ...one, x: one.x + 2 }]) : piece;
      const over = wide.map(({ x, high }) => `${round(x)} ${round(high)}`);
      const under = wide.map(({ x, low }) => `${round(x)} ${round(low)}`).reverse();
      return `M${[...over, ...under].join("L")}Z`;
    })
    .join("");
}

/** Steps: each value holds from its own edge to the next. */
export function steps(values: readonly { from: number; to: number; y: number }[]): string {
  let path = "";
  let end: number | null = null;
  for (const { from, to, y } of values) {
    path += `${end === from ? "L" : "M"}${round(from)} ${round(y)}L${round(to)} ${round(y)}`;
    end = to;
  }
  return path;
}

const round = (value: number): number => Math.round(value * 10) / 10;
