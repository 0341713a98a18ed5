/* One Server-Sent Events connection that keeps itself alive: it reconnects with back-off and jitter, resumes by
   Last-Event-ID, honours Retry-After, and takes silence for a dead connection. `fetch` is used rather than
   EventSource because that can neither send the last id on a fresh connection, nor tell 401 from a broken line.
   Clock, timers, chance and network are passed in. */
import { backoffMs } from "./backoff";
import { SseParser, type ServerEvent } from "./sse";

export type StreamState = "connecting" | "live" | "waiting" | "stopped";

export interface StreamHandlers {
  onEvent: (event: ServerEvent) => void;
  onState: (state: StreamState) => void;
  /** The session has ended; the stream has stopped. */
  onUnauthorized: () => void;
}

export interface StreamDeps {
  fetch: typeof fetch;
  setTimeout: (run: () => void, ms: number) => unknown;
  clearTimeout: (timer: unknown) => void;
  random: () => number;
}

/** The server sends a comment every 15 s; more than twice that without a byte is a dead line. */
const SILENCE_MS = 35_000;

export class LiveStream {
  readonly #url: string;
  readonly #handlers: StreamHandlers;
  readonly #deps: StreamDeps;
  #lastEventId: string | null = null;
  #failures = 0;
  #abort: AbortController | null = null;
  #retry: unknown = null;
  #watchdog: unknown = null;

  constructor(url: string, handlers: StreamHandlers, deps: StreamDeps) {
    this.#url = url;
    this.#handlers = handlers;
    this.#deps = deps;
  }

  /** `lastEventId`: where another stream of this browser had got to; null begins now. */
  start(lastEventId: string | null): void {
    if (this.#abort !== null || this.#retry !== null) return;
    this.#lastEventId = lastEventId;
    this.#failures = 0;
    void this.#connect();
  }

  stop(): void {
    this.#clear();
    this.#handlers.onState("stopped");
  }

  /** The network is said to be gone: an open connection would only notice after a while. */
  interrupt(): void {
    this.#abort?.abort();
  }

  /** The network came back: do not wait for the timer. */
  hurry(): void {
    if (this.#retry === null) return;
    this.#deps.clearTimeout(this.#retry);
    this.#retry = null;
    void this.#connect();
  }

  #clear(): void {
    this.#deps.clearTimeout(this.#retry);
    this.#deps.clearTimeout(this.#watchdog);
    this.#retry = null;
    this.#watchdog = null;
    const abort = this.#abort;
    this.#abort = null;
    abort?.abort();
  }

  async #connect(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    this.#handlers.onState("connecting");
    this.#watch();
    let retryAfterMs = 0;
    try {
      const headers: Record<string, string> = { Accept: "text/event-stream" };
      if (this.#lastEventId !== null) headers["Last-Event-ID"] = this.#lastEventId;
      const response = await this.#deps.fetch(this.#url, { headers, signal: abort.signal, credentials: "same-origin", cache: "no-store" });
      if (this.#abort !== abort) return;
      if (response.status === 401) {
        this.stop();
        this.#handlers.onUnauthorized();
        return;
      }
      if (response.ok && response.body !== null) await this.#read(response.body, abort);
      else retryAfterMs = Number(response.headers.get("Retry-After") ?? 0) * 1000 || 0;
    } catch {
      // Broken, refused or aborted: the same to us, unless somebody else took over below.
    }
    if (this.#abort !== abort) return;
    this.#abort = null;
    this.#wait(retryAfterMs);
  }

  async #read(body: ReadableStream<Uint8Array>, abort: AbortController): Promise<void> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    const parser = new SseParser();
    this.#handlers.onState("live");
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.#abort !== abort) return;
      this.#failures = 0;
      this.#watch();
      for (const event of parser.push(decoder.decode(value, { stream: true }))) {
        if (event.id !== null) this.#lastEventId = event.id;
        this.#handlers.onEvent(event);
      }
    }
  }

  #watch(): void {
    this.#deps.clearTimeout(this.#watchdog);
    this.#watchdog = this.#deps.setTimeout(() => this.#abort?.abort(), SILENCE_MS);
  }

  #wait(retryAfterMs: number): void {
    this.#deps.clearTimeout(this.#watchdog);
    this.#failures += 1;
    this.#handlers.onState("waiting");
    this.#retry = this.#deps.setTimeout(() => {
      this.#retry = null;
      void this.#connect();
    }, backoffMs(this.#failures, this.#deps.random(), retryAfterMs));
  }
}
