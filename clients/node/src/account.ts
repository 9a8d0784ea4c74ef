/** The account of a test: its keys, scenarios, clock and calls. */

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type {
  CallDetails,
  CardSpec,
  ClockSpec,
  Explanation,
  Outcome,
  Rule as RuleSpec,
  Scenario,
  AccountSpec,
  AccountView,
} from "./api.js";
import { RefusedError } from "./errors.js";
import { beginning } from "./names.js";
import { Rule } from "./rule.js";
import type { Server } from "./server.js";

const FILE = /\.ya?ml$/;

/** One outcome, or a list for one call after the other in `then`; conditions in `when`. */
export type Response =
  | (Outcome & Pick<RuleSpec, "when" | "action">)
  | Pick<RuleSpec, "when" | "then" | "after" | "per" | "action">;

/** What `new Client(...)` of tencentcloud-sdk-nodejs takes. */
export interface ClientConfig {
  credential: { secretId: string; secretKey: string };
  region: string;
  profile: { httpProfile: { protocol: "http://"; endpoint: string } };
}

export class Account {
  readonly server: Server;
  /** Its name in the journal. */
  readonly name: string;
  readonly secretId: string;
  readonly secretKey: string;
  readonly clock: Clock;
  private readonly seed: number;
  private readonly children: Account[] = [];
  private responses = 0;
  private unlimited = false;

  /** @internal */
  constructor(server: Server, created: AccountView) {
    const [key] = created.keys;
    this.server = server;
    this.name = created.name;
    this.secretId = key?.SecretId ?? "";
    this.secretKey = key?.SecretKey ?? "";
    this.clock = new Clock(this);
    this.seed = created.seed;
  }

  /** The http URL of the server. */
  get url(): string {
    return this.server.url;
  }

  /** Host and port for http, as SDKs expect them. */
  get endpoint(): string {
    return new URL(this.url).host;
  }

  /** Environment variables for child processes and for `mockocr` commands. */
  get env(): Record<string, string> {
    return {
      TENCENTCLOUD_SECRET_ID: this.secretId,
      TENCENTCLOUD_SECRET_KEY: this.secretKey,
      MOCKOCR_URL: this.url,
    };
  }

  /** The configuration of a client of the official SDK. */
  get clientConfig(): ClientConfig {
    return {
      credential: { secretId: this.secretId, secretKey: this.secretKey },
      region: "",
      profile: { httpProfile: { protocol: "http://", endpoint: this.endpoint } },
    };
  }

  /** Answers the calls that match `when` (all calls without it) with this outcome, before all
   * scenarios and older rules: `{ card: { Name: "李明" } }`, `{ error: "FailedOperation.ImageBlur" }`,
   * or `{ when: { CardSide: "BACK" }, then: [{ fault: "TIMEOUT", times: 2 }, { card: "invented" }] }`.
   * The last outcome is repeated, unless it has `times`: then later calls are answered as if the rule
   * did not exist. */
  async respond(response: Response): Promise<Rule> {
    const name = `respond ${++this.responses}`;
    const { when, action, ...rest } = response;
    const { then, ...repeating } = "then" in rest ? rest : { then: rest };
    const ends = [then].flat().at(-1)?.times !== undefined;
    const rule: RuleSpec = {
      name,
      priority: 1,
      then,
      ...(when && { when }),
      ...(action && { action }),
      ...(ends && { after: "fall_through" }),
      ...repeating,
    };
    try {
      await this.activate({ body: { name, rules: [rule] } }, true);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      const message = error.message.replaceAll("rules[0].", "respond: ");
      throw new RefusedError(message, error.status);
    }
    return new Rule(this, name);
  }

  /** Activates a scenario: the name of a ready-made one, the path of a file (`*.yaml`, `*.yml`),
   * YAML, or an object. It replaces one of the same name. */
  async play(scenario: string | Scenario): Promise<void> {
    await this.activate(readable(scenario), false);
  }

  /** `first`: its rules are tried before those of the other scenarios. */
  private async activate(sent: Sent, first: boolean): Promise<void> {
    const query = { account: this.name, first };
    const played = await this.server.admin.ask("POST /scenarios", { query, ...sent });
    if (this.unlimited && "rate" in played.overrides) {
      await this.change({ rate: null });
      this.unlimited = false;
    }
  }

  /** The calls of this account, oldest first; secrets and personal data are masked. */
  async requests(): Promise<CallDetails[]> {
    const { admin } = this.server;
    const query = { account: this.name };
    const { requests } = await admin.ask("GET /requests", { query });
    const ids = requests.map((call) => call.RequestId).reverse();
    return Promise.all(
      ids.map((request_id) => admin.ask("GET /requests/{request_id}", { path: { request_id } })),
    );
  }

  /** Why a call (default: the last one) got its answer: cause, hint, each step of the signature, and
   * the rules that did not match. */
  async explain(RequestId?: string): Promise<Explanation> {
    const { admin } = this.server;
    let id = RequestId;
    if (id === undefined) {
      const query = { account: this.name, limit: 1 };
      const { requests } = await admin.ask("GET /requests", { query });
      id = requests[0]?.RequestId;
      if (id === undefined) throw new Error(`the account '${this.name}' has made no calls`);
    }
    return admin.ask("GET /requests/{request_id}/explain", { path: { request_id: id } });
  }

  /** A picture of a specimen card, which the server reads: a ready-made one of docs/cards.md, or a new
   * one. Fields that are not set are generated from the account's seed, so a front (the default) and a
   * back show the same person. */
  async card(card: CardSpec | { specimen: string } = {}): Promise<Buffer> {
    const { admin } = this.server;
    const picture =
      "specimen" in card
        ? await admin.ask("GET /cards/draw", { query: { name: card.specimen } })
        : await admin.ask("POST /cards/draw", { body: { seed: this.seed, ...card } });
    return Buffer.from(picture);
  }

  /** Another fresh account; `spec` has the members of `POST /__admin/accounts`. */
  async account(spec: AccountSpec = {}): Promise<Account> {
    const name = `${beginning(this.name, 60)}.${this.children.length + 2}`;
    const child = await this.server.account({ name, ...spec });
    this.children.push(child);
    return child;
  }

  /** This account, and those created through it. */
  family(): Account[] {
    return [this, ...this.children.flatMap((child) => child.family())];
  }

  /** Removes it and the accounts created through it; their calls stay in the journal. */
  async remove(): Promise<void> {
    for (const { name } of this.family()) {
      // The account or the server may already be gone.
      await this.server.admin.ask("DELETE /accounts/{name}", { path: { name } }).catch(() => undefined);
    }
  }

  /** @internal Removes the server's default limit, unless an active scenario sets one. */
  async liftLimit(): Promise<void> {
    const query = { account: this.name };
    const { scenarios } = await this.server.admin.ask("GET /scenarios", { query });
    if (scenarios.some(({ overrides }) => "rate" in overrides)) return;
    await this.change({ rate: 0 });
    this.unlimited = true;
  }

  private async change(body: AccountSpec): Promise<void> {
    await this.server.admin.ask("PATCH /accounts/{name}", { path: { name: this.name }, body });
  }
}

/** Sets the time of an account: for signatures, the rate, ages and validity. */
export class Clock {
  private readonly account: Account;

  /** @internal */
  constructor(account: Account) {
    this.account = account;
  }

  /** Freezes the clock: a Date, ISO 8601, or UNIX seconds. */
  async freeze(moment: Date | string | number): Promise<void> {
    await this.set({ freeze: moment instanceof Date ? moment.toISOString() : moment });
  }

  /** Sets the difference from real time: `+400s`, `-5m`, `2h`, `30d`; `0s` is real time. */
  async offset(by: string): Promise<void> {
    await this.set({ offset: by });
  }

  private async set(body: ClockSpec): Promise<void> {
    const query = { account: this.account.name };
    await this.account.server.admin.ask("PUT /clock", { query, body });
  }
}

/** A scenario as the admin API takes it. */
interface Sent {
  body?: string | Scenario;
  yaml?: string;
}

function readable(scenario: string | Scenario): Sent {
  if (typeof scenario !== "string") return { body: scenario };
  const isYaml = scenario.includes("\n");
  if (!isYaml && FILE.test(scenario)) return { yaml: readFileSync(resolve(scenario), "utf8") };
  return isYaml || scenario.includes(":") ? { yaml: scenario } : { body: scenario };
}
