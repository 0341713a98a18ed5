/* One live stream per browser. Visible tabs queue for a Web Lock; the one that holds it opens the stream and tells
   the others over a BroadcastChannel. A tab that is hidden lets the lock go, so that with no visible tab there is no
   stream at all. Where locks do not exist (plain HTTP from another machine) each visible tab has its own.
   Readings are gathered for a quarter of a second and only the last of each meter is passed on: a fleet that sends
   every second must not cost a render per reading. */
import type { ServerEvent } from "./sse";
import { LiveStream, type StreamDeps, type StreamState } from "./stream";

export interface Batch {
  events: ServerEvent[];
}

type Message = { kind: "batch"; batch: Batch; lastEventId: string | null } | { kind: "state"; state: StreamState } | { kind: "hello" };

export interface Channel {
  postMessage: (message: Message) => void;
  onmessage: ((event: { data: Message }) => void) | null;
  close: () => void;
}

export interface CoordinatorDeps extends StreamDeps {
  locks: Pick<LockManager, "request"> | undefined;
  channel: Channel | undefined;
}

export interface CoordinatorHandlers {
  onBatch: (batch: Batch) => void;
  onState: (state: StreamState) => void;
  onUnauthorized: () => void;
}

const LOCK = "quilowatt.live";
const GATHER_MS = 250;

export class LiveCoordinator {
  readonly #deps: CoordinatorDeps;
  readonly #handlers: CoordinatorHandlers;
  readonly #stream: LiveStream;
  #lastEventId: string | null = null;
  #wanted = false;
  #leading = false;
  #state: StreamState = "stopped";
  #queue: AbortController | null = null;
  #letGo: (() => void) | null = null;
  #gathered: ServerEvent[] = [];
  #lastReading = new Map<string, number>();
  #flushTimer: unknown = null;

  constructor(url: string, handlers: CoordinatorHandlers, deps: CoordinatorDeps) {
    this.#deps = deps;
    this.#handlers = handlers;
    this.#stream = new LiveStream(
      url,
      {
        onEvent: (event) => this.#gather(event),
        onState: (state) => this.#announce(state),
        onUnauthorized: () => handlers.onUnauthorized(),
      },
      deps,
    );
    if (deps.channel) deps.channel.onmessage = (event) => this.#hear(event.data);
  }

  /** The tab became visible (or hidden): it may (must not) hold the stream. */
  setVisible(visible: boolean): void {
    if (visible === this.#wanted) return;
    this.#wanted = visible;
    if (visible) {
      this.#enqueue();
      this.#deps.channel?.postMessage({ kind: "hello" });
    } else {
      this.#leave();
    }
  }

  interrupt(): void {
    if (this.#leading) this.#stream.interrupt();
  }

  hurry(): void {
    if (this.#leading) this.#stream.hurry();
  }

  close(): void {
    this.setVisible(false);
    this.#deps.channel?.close();
  }

  #enqueue(): void {
    if (this.#deps.locks === undefined) {
      this.#lead();
      return;
    }
    const queue = new AbortController();
    this.#queue = queue;
    this.#deps.locks
      .request(LOCK, { signal: queue.signal }, () => {
        if (queue.signal.aborted || !this.#wanted) return undefined;
        this.#lead();
        return new Promise<void>((resolve) => {
          this.#letGo = resolve;
        });
      })
      .catch(() => undefined); // aborted while waiting in the queue
  }

  #lead(): void {
    this.#leading = true;
    this.#stream.start(this.#lastEventId);
  }

  #leave(): void {
    this.#queue?.abort();
    this.#queue = null;
    if (!this.#leading) return;
    this.#flush();
    this.#stream.stop();
    this.#leading = false;
    this.#letGo?.();
    this.#letGo = null;
  }

  #announce(state: StreamState): void {
    this.#setState(state);
    this.#deps.channel?.postMessage({ kind: "state", state });
  }

  #setState(state: StreamState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#handlers.onState(state);
  }

  #hear(message: Message): void {
    if (message.kind === "hello") {
      if (this.#leading) this.#deps.channel?.postMessage({ kind: "state", state: this.#state });
      return;
    }
    if (this.#leading) return;
    if (message.kind === "state") {
      this.#setState(message.state);
      return;
    }
    this.#lastEventId = message.lastEventId ?? this.#lastEventId;
    this.#handlers.onBatch(message.batch);
  }

  #gather(event: ServerEvent): void {
    this.#lastEventId = event.id ?? this.#lastEventId;
    const meter = event.event === "reading" ? meterOf(event.data) : null;
    const place = meter === null ? undefined : this.#lastReading.get(meter);
    if (place === undefined) {
      if (meter !== null) this.#lastReading.set(meter, this.#gathered.length);
      this.#gathered.push(event);
    } else {
      this.#gathered[place] = event;
    }
    this.#flushTimer ??= this.#deps.setTimeout(() => this.#flush(), GATHER_MS);
  }

  #flush(): void {
    this.#deps.clearTimeout(this.#flushTimer);
    this.#flushTimer = null;
    if (this.#gathered.length === 0) return;
    const batch: Batch = { events: this.#gathered };
    this.#gathered = [];
    this.#lastReading = new Map();
    this.#deps.channel?.postMessage({ kind: "batch", batch, lastEventId: this.#lastEventId });
    this.#handlers.onBatch(batch);
  }
}

/** The meter of a reading's JSON, without parsing the whole of it. */
function meterOf(data: string): string | null {
  return /"meter_id"\s*:\s*"([A-Za-z0-9._-]{1,64})"/.exec(data)?.[1] ?? null;
}
