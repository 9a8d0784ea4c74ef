/** A client of a server's admin API. */

import { Agent, request } from "node:http";
import type { Api } from "./api.js";
import { NoServerError, RefusedError } from "./errors.js";

const TIMEOUT_MILLISECONDS = 60_000;

type Operation = keyof Api;

/** The arguments of an operation: the values of its path, its query and its body. */
type Sent<Name extends Operation> = Omit<Api[Name], "reply">;

/** A body, in JSON or in YAML. */
interface Content {
  body?: unknown;
  yaml?: string | undefined;
}

export class Admin {
  readonly url: string;
  private readonly token: string | undefined;
  // Of its own: it is used while a test has replaced the global agent, too.
  private readonly agent = new Agent({ keepAlive: true });

  constructor(url: string, token?: string) {
    this.url = url;
    this.token = token;
  }

  /** The reply of an operation, such as `GET /requests/{request_id}`; undefined if it is empty.
   * Throws RefusedError, or NoServerError if no mockocr answers. */
  async ask<Name extends Operation>(
    operation: Name,
    sent: Sent<Name>,
  ): Promise<Api[Name]["reply"]> {
    const { path = {}, query = {}, ...content } = sent as Content & {
      path?: Record<string, string>;
      query?: Record<string, unknown>;
    };
    const [method = "", template = ""] = operation.split(" ");
    const target = template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(path[name] ?? ""));
    const url = new URL(`/__admin${target}`, this.url);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const { status, text } = await this.exchange(method, url, content);
    return this.read(status, text) as Api[Name]["reply"];
  }

  /** Ends the idle connections. */
  close(): void {
    this.agent.destroy();
  }

  private exchange(method: string, url: URL, { body, yaml }: Content, again = true) {
    const headers: Record<string, string> = {
      "Content-Type": yaml === undefined ? "application/json" : "application/yaml",
    };
    if (this.token) headers["Authorization"] = `Bearer ${this.token}`;
    return new Promise<{ status: number; text: string }>((resolve, reject) => {
      const options = { method, headers, agent: this.agent, timeout: TIMEOUT_MILLISECONDS };
      const sent = request(url, options, (reply) => {
        const parts: Buffer[] = [];
        reply.on("data", (part: Buffer) => parts.push(part));
        reply.on("end", () => {
          resolve({ status: reply.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") });
        });
        reply.on("error", reject);
      });
      sent.on("timeout", () => sent.destroy(new Error("no answer within 60 seconds")));
      sent.on("error", (error: NodeJS.ErrnoException) => {
        if (again && sent.reusedSocket && error.code === "ECONNRESET") {
          // The server has closed the idle connection.
          this.exchange(method, url, { body, yaml }, false).then(resolve, reject);
          return;
        }
        reject(new NoServerError(`no server at ${this.url}: ${reasonOf(error)}`));
      });
      sent.end(yaml ?? JSON.stringify(body));
    });
  }

  private read(status: number, text: string): unknown {
    let document: unknown;
    try {
      document = text ? JSON.parse(text) : undefined;
    } catch {
      document = null;
    }
    if (status >= 200 && status < 400 && document !== null) return document;
    const message = (document as { error?: unknown } | null | undefined)?.error;
    if (typeof message !== "string") {
      throw new NoServerError(`no mockocr with an admin API at ${this.url}: status ${status}`);
    }
    throw new RefusedError(status === 401 ? `${message}; set MOCKOCR_ADMIN_TOKEN` : message, status);
  }
}

/** An error's own words. Without a message, an AggregateError has a code only. */
export function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || code || String(error);
}
