/** Errors of this package. Their messages name the remedy. */

/** The server refused a request; the message is the server's. */
export class RefusedError extends Error {
  override name = "RefusedError";
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** No server could be found, started or reached. */
export class NoServerError extends Error {
  override name = "NoServerError";
}

/** The number of calls was not the expected one; the message says why each other call differs. */
export class AssertionError extends Error {
  override name = "AssertionError";
}
