/* The one way to the server: openapi-fetch with the types of the contract, the CSRF token on writes, and one
   place that hears of a session that has ended. */
import createClient, { type Middleware } from "openapi-fetch";
import { ApiError, retryAfterSeconds, UnreachableError } from "./errors";
import type { paths } from "./schema";
import type { Problem } from "./types";

let csrfToken: string | null = null;
let onExpired: () => void = () => undefined;

export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Called whenever a request that needs a session is answered with 401. */
export function onSessionExpired(listener: () => void): void {
  onExpired = listener;
}

export function sessionExpired(): void {
  onExpired();
}

const SAFE = new Set(["GET", "HEAD"]);

const session: Middleware = {
  onRequest({ request }) {
    if (csrfToken !== null && !SAFE.has(request.method)) request.headers.set("X-CSRF-Token", csrfToken);
    return request;
  },
  onResponse({ request, response, schemaPath }) {
    const login = schemaPath === "/api/v1/session" && request.method === "POST";
    if (response.status === 401 && !login && schemaPath !== "/api/v1/me") onExpired();
  },
};

export const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  credentials: "same-origin",
  // Looked up at each call, so that a test may replace it.
  fetch: (request) => globalThis.fetch(request),
});
client.use(session);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

function asProblem(body: unknown): Problem | null {
  if (typeof body !== "object" || body === null) return null;
  const { type, title } = body as Record<string, unknown>;
  return typeof type === "string" && typeof title === "string" ? (body as Problem) : null;
}

/** The body and its ETag; throws ApiError or UnreachableError, nothing else. */
export async function request<T>(call: Promise<Answer<T>>): Promise<{ data: T; etag: string | null }> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new UnreachableError(cause);
  }
  const { response } = answer;
  if (!response.ok) {
    throw new ApiError(response.status, asProblem(answer.error), retryAfterSeconds(response.headers.get("Retry-After")));
  }
  return { data: answer.data as T, etag: response.headers.get("ETag") };
}

export async function body<T>(call: Promise<Answer<T>>): Promise<T> {
  return (await request(call)).data;
}
