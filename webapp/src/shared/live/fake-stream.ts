/* For tests: a network of streams and a clock that moves by hand. */
import type { StreamDeps } from "./stream";

export interface Connection {
  lastEventId: string | null;
  closed: boolean;
  send: (text: string) => Promise<void>;
  end: () => Promise<void>;
}

interface Timer {
  at: number;
  run: () => void;
}

const settle = async () => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
  await new Promise((resolve) => globalThis.setTimeout(resolve, 0));
};

export class FakeWorld implements StreamDeps {
  connections: Connection[] = [];
  /** What the next connections are answered with: a status, or "unreachable". 200 when the list is empty. */
  answers: (number | "unreachable")[] = [];
  retryAfterS: number | null = null;
  #now = 0;
  #timers = new Map<number, Timer>();
  #next = 1;

  get open(): Connection[] {
    return this.connections.filter((connection) => !connection.closed);
  }

  random = () => 0;

  setTimeout = (run: () => void, ms: number): unknown => {
    this.#timers.set(this.#next, { at: this.#now + ms, run });
    return this.#next++;
  };

  clearTimeout = (timer: unknown): void => {
    this.#timers.delete(timer as number);
  };

  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.at <= until).sort((a, b) => a[1].at - b[1].at)[0];
      if (due === undefined) break;
      this.#timers.delete(due[0]);
      this.#now = due[1].at;
      due[1].run();
      await settle();
    }
    this.#now = until;
    await settle();
  }

  fetch: typeof fetch = async (_, init) => {
    const status = this.answers.shift() ?? 200;
    if (status === "unreachable") throw new TypeError("network");
    if (status !== 200) {
      this.connections.push({ lastEventId: idOf(init), closed: true, send: settle, end: settle });
      return new Response("{}", { status, headers: this.retryAfterS === null ? {} : { "Retry-After": String(this.retryAfterS) } });
    }
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({ start: (c) => void (controller = c) });
    const connection: Connection = {
      lastEventId: idOf(init),
      closed: false,
      send: async (text) => {
        controller?.enqueue(new TextEncoder().encode(text));
        await settle();
      },
      end: async () => {
        connection.closed = true;
        controller?.close();
        await settle();
      },
    };
    init?.signal?.addEventListener("abort", () => {
      if (connection.closed) return;
      connection.closed = true;
      controller?.error(new DOMException("aborted", "AbortError"));
    });
    this.connections.push(connection);
    return Promise.resolve(new Response(body, { status: 200 }));
  };
}

function idOf(init: RequestInit | undefined): string | null {
  return new Headers(init?.headers).get("Last-Event-ID");
}
