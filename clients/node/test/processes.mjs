/** Commands that tests run. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** Starts a command; `env` replaces variables (undefined: removes one). */
export function started(program, args, env = {}, options = {}) {
  const child = spawn(program, args, { env: { ...process.env, NO_COLOR: "1", ...env }, ...options });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (output += part));
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal, output }));
  const printed = async (pattern) => {
    while (child.exitCode === null && child.signalCode === null) {
      const found = output.match(pattern);
      if (found) return found;
      await sleep(10);
    }
    throw new Error(`ended without printing ${pattern}: ${output}`);
  };
  return { child, ended, printed };
}

/** The exit code of a command, and everything that it printed. */
export async function run(program, args, env, options) {
  return started(program, args, env, options).ended;
}

/** Whether a server answers at a URL. */
export async function answers(url) {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false;
  }
}

/** Waits until no server answers at a URL; the time limit of the test ends it otherwise. */
export async function untilGone(url) {
  while (await answers(url)) await sleep(20);
}
