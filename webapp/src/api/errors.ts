/* What a failed request tells a person, as three kinds: the server answered with a problem, the server could
   not be reached, or the answer was not what the contract says. */
import type { Problem } from "./types";

/** The server answered with a status of 400 or more. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem | null;
  /** Seconds to wait before the next try, from `Retry-After`; null when the server did not say. */
  readonly retryAfterS: number | null;

  constructor(status: number, problem: Problem | null, retryAfterS: number | null) {
    super(problem?.detail ?? problem?.title ?? `HTTP ${status}`);
    this.name = "ApiError";
    this.status = status;
    this.problem = problem;
    this.retryAfterS = retryAfterS;
  }

  /** The last word of the problem's type: `no_bill_yet`, `not_found`, … */
  get code(): string {
    return this.problem?.type.split(/[:/]/).pop() ?? "";
  }
}

/** No answer came: no network, the server is down, or the connection broke. */
export class UnreachableError extends Error {
  constructor(cause: unknown) {
    super("the server could not be reached", { cause });
    this.name = "UnreachableError";
  }
}

export function isStatus(error: unknown, status: number): error is ApiError {
  return error instanceof ApiError && error.status === status;
}

/** `Retry-After` in seconds; the HTTP-date form is not used by this server. */
export function retryAfterSeconds(header: string | null): number | null {
  if (header === null || !/^\d{1,6}$/.test(header.trim())) return null;
  return Number(header.trim());
}
