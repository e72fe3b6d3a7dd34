/* The only place that knows of Tauri: commands go out and one event comes in. */
import { listen } from "@tauri-apps/api/event";
import { commands, type ApiError, type Changed, type ErrorCode } from "./bindings";

export * from "./bindings";

type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: ApiError };

/** What a command was refused with: a stable code, its arguments, words of the desk. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly args: { [key: string]: string };

  constructor(error: ApiError) {
    super(error.message);
    this.name = "Refusal";
    this.code = error.code;
    this.args = error.args;
  }

  static is(error: unknown, ...codes: ErrorCode[]): error is Refusal {
    return error instanceof Refusal && (codes.length === 0 || codes.includes(error.code));
  }
}

/** The data of an answer; a refusal is thrown. */
export async function ask<T>(answer: Promise<Answer<T>>): Promise<T> {
  const result = await answer;
  if (result.status === "ok") return result.data;
  throw new Refusal(asApiError(result.error));
}

/** Anything thrown, as the one error the screens know. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof Refusal) return { code: error.code, args: error.args, message: error.message };
  if (typeof error === "object" && error !== null && "code" in error && "args" in error) {
    return error as ApiError;
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { code: "store-failed", args: { detail }, message: detail };
}

/** Calls `hear` whenever the desk says that something of these kinds has changed; answers with the way to stop. */
export function onChanged(hear: (what: Changed) => void, ...kinds: Changed[]): () => void {
  let stopped = false;
  let stop: (() => void) | undefined;
  void listen<Changed>("changed", (event) => {
    if (!stopped && (kinds.length === 0 || kinds.includes(event.payload))) hear(event.payload);
  }).then((unlisten) => {
    if (stopped) unlisten();
    else stop = unlisten;
  });
  return () => {
    stopped = true;
    stop?.();
  };
}

export { commands };
