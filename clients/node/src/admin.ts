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

interface Reply {
  status: number;
  type: string;
  content: Buffer;
}

export class Admin {
  readonly url: string;
  private readonly token: string | undefined;
  // Not the global agent, which a test may replace.
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
    const reply = await this.exchange(method, url, content);
    return this.read(reply) as Api[Name]["reply"];
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
    return new Promise<Reply>((resolve, reject) => {
      const options = { method, headers, agent: this.agent, timeout: TIMEOUT_MILLISECONDS };
      const sent = request(url, options, (reply) => {
        const parts: Buffer[] = [];
        reply.on("data", (part: Buffer) => parts.push(part));
        reply.on("end", () => {
          const type = reply.headers["content-type"] ?? "";
          resolve({ status: reply.statusCode ?? 0, type, content: Buffer.concat(parts) });
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

  /** JSON as a value, a picture as bytes, and anything else as text. */
  private read({ status, type, content }: Reply): unknown {
    const isGood = status >= 200 && status < 400;
    if (isGood && content.length === 0) return undefined;
    if (isGood && type.startsWith("image/")) return content;
    const text = content.toString("utf8");
    const isJson = type.includes("json");
    if (isGood) return isJson ? JSON.parse(text) : text;
    const message: unknown = isJson && JSON.parse(text).error;
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
