/* The sieve lets through exactly the commands that the program has. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const sieve = readFileSync(join(ROOT, "ui/isolation/isolation.js"), "utf8");
const folder = join(ROOT, "src-tauri/src/commands");
const commands = readdirSync(folder).flatMap((file) =>
  [...readFileSync(join(folder, file), "utf8").matchAll(/#\[tauri::command\][^]*?pub async fn (\w+)/g)].map(
    (match) => match[1] ?? "",
  ),
);

type Message = { cmd: string };

function hook(): (message: Message) => Message {
  const window: { __TAURI_ISOLATION_HOOK__?: (message: Message) => Message } = {};
  new Function("window", sieve)(window);
  if (!window.__TAURI_ISOLATION_HOOK__) throw new Error("the page sets no hook");
  return window.__TAURI_ISOLATION_HOOK__;
}

it("lets every command through", () => {
  expect(commands.length).toBeGreaterThan(30);
  for (const cmd of commands) expect(hook()({ cmd }), cmd).toEqual({ cmd });
});

it("names no command that is not there, and stops all others", () => {
  const named = [...sieve.matchAll(/"([a-z_]+)"/g)].map((match) => match[1] ?? "");
  expect(named.filter((cmd) => !commands.includes(cmd))).toEqual([]);
  for (const cmd of ["plugin:shell|execute", "plugin:fs|read_file", "plugin:event|emit", "eval", ""]) {
    expect(() => hook()({ cmd }), cmd).toThrow();
  }
});
