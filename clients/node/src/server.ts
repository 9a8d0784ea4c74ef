/** A server, and the accounts of tests on it. */

import { Account } from "./account.js";
import type { Admin } from "./admin.js";
import type { AccountSpec, AccountView } from "./api.js";
import { RefusedError } from "./errors.js";
import { beginning } from "./names.js";

const CONFLICT = 409;

export class Server {
  /** @internal */
  readonly admin: Admin;
  private readonly end: () => Promise<void>;
  private accounts = 0;

  /** @internal */
  constructor(admin: Admin, end: () => Promise<void> = async () => undefined) {
    this.admin = admin;
    this.end = end;
  }

  /** The http URL. */
  get url(): string {
    return this.admin.url;
  }

  /** A fresh account, isolated from all others; `spec` has the members of `POST /__admin/accounts`.
   * Its rate is not limited unless `spec` or an active scenario limits it. */
  async account(spec: AccountSpec = {}): Promise<Account> {
    // The same name in every run, because random choices depend on it.
    const name = spec.name ?? `account-${++this.accounts}`;
    const created = await this.create({ ...spec, name });
    const account = new Account(this, created);
    if (created.rate > 0 && spec.rate === undefined) await account.liftLimit();
    return account;
  }

  /** Stops a server that was started here; leaves one that ran already. */
  async stop(): Promise<void> {
    this.admin.close();
    await this.end();
  }

  private async create(spec: AccountSpec & { name: string }, number = 1): Promise<AccountView> {
    const name = number === 1 ? spec.name : `${beginning(spec.name, 56)} (${number})`;
    try {
      return await this.admin.ask("POST /accounts", { body: { ...spec, name } });
    } catch (error) {
      if (!(error instanceof RefusedError) || error.status !== CONFLICT || spec.keys) throw error;
    }
    // On a shared server, the name may be taken.
    return this.create(spec, number + 1);
  }
}
