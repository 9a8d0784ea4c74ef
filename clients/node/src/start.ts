/** Finds or starts a server, and stops it. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Admin, reasonOf } from "./admin.js";
import { NoServerError } from "./errors.js";
import { Server } from "./server.js";

const START_MILLISECONDS = 30_000;
const STOP_MILLISECONDS = 5_000;
const POLL_MILLISECONDS = 10;
const SHOWN_CHARACTERS = 2_000;
const CONTAINER_PORT = "8018";

export interface StartOptions {
  /** A server that runs already, such as http://127.0.0.1:8018. Default: MOCKOCR_URL. */
  url?: string;
  /** The admin token of that server. Default: MOCKOCR_ADMIN_TOKEN. */
  token?: string;
  /** The command that starts a server, and its first arguments: `["python3", "-m", "mockocr"]`.
   * Default: MOCKOCR_COMMAND, else `mockocr` on the PATH, else the image in Docker. */
  command?: readonly string[];
  /** Settings of `mockocr serve`, in camelCase: `{ seed: 7, tlsPort: 0, scenarios: ["documented"] }`.
   * By default, the port is a free one, there is no https, and the rate is not limited. */
  settings?: Record<string, string | number | boolean | readonly (string | number)[]>;
}

/** A server for tests: one that runs already, or a new one.
 *
 * A new one ends with `stop()`, and with this process, in whichever way that ends. Throws
 * NoServerError with the remedy. */
export async function start(options: StartOptions = {}): Promise<Server> {
  const { env } = process;
  if (options.url) return connected(options.url, "url", options);
  if (options.command) return launched(local(options.command), "command", options);
  if (env["MOCKOCR_URL"]) return connected(env["MOCKOCR_URL"], "MOCKOCR_URL", options);
  if (env["MOCKOCR_COMMAND"]) {
    return launched(local(words(env["MOCKOCR_COMMAND"])), "MOCKOCR_COMMAND", options);
  }
  try {
    return await launched(local(["mockocr"]), "the PATH", options);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
  const image = env["MOCKOCR_IMAGE"] || "mockocr";
  try {
    return await launched(container(image), "Docker", options);
  } catch (error) {
    const why = error instanceof NotFoundError ? "no command `docker`" : reasonOf(error).trim();
    throw new NoServerError(
      "cannot find mockocr: no command `mockocr` on the PATH, and Docker does not run the image " +
        `'${image}' (${why}). Install mockocr (in a clone of its repository: pip install .), build ` +
        "the image (docker build -t mockocr .), or set MOCKOCR_COMMAND (such as " +
        "/path/to/.venv/bin/mockocr), MOCKOCR_URL (a running server) or MOCKOCR_IMAGE",
    );
  }
}

class NotFoundError extends NoServerError {}

async function connected(text: string, source: string, options: StartOptions): Promise<Server> {
  if (!URL.canParse(text) || new URL(text).protocol !== "http:") {
    throw new NoServerError(`${source}: expected a URL such as http://127.0.0.1:8018, got '${text}'`);
  }
  const settings = Object.keys(options.settings ?? {});
  if (settings.length > 0) {
    throw new NoServerError(
      `${source}: the server at ${text} has its own settings; set ${settings.join(", ")} where it is ` +
        `started, or leave ${source} out`,
    );
  }
  const token = options.token ?? process.env["MOCKOCR_ADMIN_TOKEN"];
  const admin = new Admin(new URL(text).origin, token);
  try {
    await admin.ask("GET /info", {});
  } catch (error) {
    if (!(error instanceof NoServerError)) throw error;
    throw new NoServerError(
      `${source}: ${error.message}; start one there (mockocr serve), or leave ${source} out`,
    );
  }
  return new Server(admin);
}

/** A program and its arguments. Double quotes keep spaces together; so does the path of a file. */
function words(command: string): string[] {
  if (existsSync(command)) return [command];
  const found = command.match(/"[^"]*"|[^\s"]+/g) ?? [];
  return found.map((word) => word.replace(/^"(.*)"$/, "$1"));
}

/** A way to start a server. */
interface Launch {
  program: string;
  /** The arguments before the flags of `mockocr serve`. */
  begin: string[];
  flags: Record<string, string>;
  /** The URL if the server is ready. */
  url(): Promise<string | undefined>;
  cleanUp(): void;
}

function local([program = "", ...begin]: readonly string[]): Launch {
  const folder = mkdtempSync(join(tmpdir(), "mockocr-"));
  const portFile = join(folder, "ports.json");
  return {
    program,
    begin: [...begin, "serve"],
    flags: { port: "0", "tls-port": "off", "port-file": portFile },
    // It is complete when it appears.
    url: async () =>
      existsSync(portFile) ? JSON.parse(readFileSync(portFile, "utf8")).http : undefined,
    cleanUp: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function container(image: string): Launch {
  const name = `mockocr-${process.pid}-${Date.now().toString(36)}`;
  // -i: the end of this process is the end of its stdin. An image is never pulled: none is published.
  const run = ["run", "--rm", "-i", "--pull", "never", "--name", name];
  return {
    program: "docker",
    begin: [...run, "--publish", `127.0.0.1:0:${CONTAINER_PORT}`, image, "serve"],
    flags: { port: CONTAINER_PORT, "tls-port": "off" },
    url: async () => {
      const [published = ""] = (await output("docker", ["port", name, CONTAINER_PORT])).split("\n");
      if (!published) return undefined;
      const admin = new Admin(`http://${published.trim()}`);
      try {
        await admin.ask("GET /info", {});
        return admin.url;
      } catch {
        return undefined;
      } finally {
        admin.close();
      }
    },
    cleanUp: () => undefined,
  };
}

/** What a command prints; empty if it fails. */
function output(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, args, { windowsHide: true }, (error, text) => resolve(error ? "" : text));
  });
}

async function launched(launch: Launch, source: string, options: StartOptions): Promise<Server> {
  const settings = flagsOf(options.settings ?? {});
  const chosen = new Set(settings.map((flag) => flag.split("=")[0]));
  const defaults = Object.entries({ rate: "0", ...launch.flags })
    .map(([name, value]) => `--${name}=${value}`)
    .filter((flag) => !chosen.has(flag.split("=")[0]));
  const args = [...launch.begin, "--stop-with-stdin", ...defaults, ...settings];
  const child = spawn(launch.program, args, {
    env: withoutOwn(process.env),
    stdio: ["pipe", "ignore", "pipe"],
    windowsHide: true,
  });
  const serving = new Launched(child);
  try {
    const url = await serving.ready(launch, shown([launch.program, ...args]), source);
    serving.release();
    const token = options.settings?.["adminToken"];
    const admin = new Admin(url, token === undefined ? undefined : String(token));
    return new Server(admin, () => serving.stop());
  } catch (error) {
    await serving.stop();
    throw error;
  } finally {
    // The port file is needed only until the server is ready.
    launch.cleanUp();
  }
}

/** A command line without its secrets. */
function shown(words: string[]): string {
  return words.map((word) => word.replace(/^(--admin-token|--keys)=.*/s, "$1=***")).join(" ");
}

/** `{ tlsPort: 0, scenarios: ["a", "b"] }` as --tls-port=0 --scenarios=a --scenarios=b. */
function flagsOf(settings: NonNullable<StartOptions["settings"]>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (typeof value === "boolean") return value ? [flag] : [];
    const values = typeof value === "object" ? value : [value];
    return values.map((each) => `${flag}=${each}`);
  });
}

/** Settings are chosen by the caller, not by variables; only the folder of the CA is kept. */
function withoutOwn(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !/^MOCKOCR_/i.test(name) || name.toUpperCase() === "MOCKOCR_STATE_DIR",
  );
  return Object.fromEntries(kept);
}

/** A process that serves. It stops when its stdin ends, which also works if this process crashes. */
class Launched {
  private readonly child: ChildProcess;
  private log = "";
  private failure: NodeJS.ErrnoException | undefined;
  private readonly ended: Promise<unknown>;

  constructor(child: ChildProcess) {
    this.child = child;
    child.stderr?.on("data", (part: Buffer) => {
      this.log = (this.log + part.toString()).slice(-SHOWN_CHARACTERS);
    });
    // Writing to a process that has ended is an error of its own; the end is noticed otherwise.
    child.stdin?.on("error", () => undefined);
    this.ended = new Promise((resolve) => {
      child.once("close", resolve);
      child.once("error", (error) => {
        this.failure = error;
        resolve(undefined);
      });
    });
  }

  async ready(launch: Launch, command: string, source: string): Promise<string> {
    const deadline = Date.now() + START_MILLISECONDS;
    while (Date.now() < deadline) {
      const url = await launch.url();
      if (url !== undefined) return url;
      await Promise.race([this.ended, sleep(POLL_MILLISECONDS)]);
      if (this.failure?.code === "ENOENT") {
        throw new NotFoundError(
          `${source}: there is no command '${launch.program}'; name an existing one`,
        );
      }
      if (this.failure) throw new NoServerError(`${command}: ${reasonOf(this.failure)}`);
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        await this.ended;
        const how = this.child.signalCode ?? `exit code ${this.child.exitCode}`;
        throw new NoServerError(`the server ended at its start (${how}): ${command}\n${this.log}`);
      }
    }
    throw new NoServerError(
      `the server was not ready within ${START_MILLISECONDS / 1000} seconds: ${command}\n${this.log}`,
    );
  }

  /** Lets this process end while the server runs; its end stops the server. */
  release(): void {
    this.child.unref();
    for (const pipe of [this.child.stdin, this.child.stderr]) {
      (pipe as unknown as { unref(): void } | null)?.unref();
    }
  }

  async stop(): Promise<void> {
    this.child.stdin?.end();
    const waiting = new AbortController();
    const late = sleep(STOP_MILLISECONDS, "late", { signal: waiting.signal }).catch(() => "");
    this.child.ref();
    if ((await Promise.race([this.ended, late])) === "late") this.child.kill("SIGKILL");
    waiting.abort();
  }
}
