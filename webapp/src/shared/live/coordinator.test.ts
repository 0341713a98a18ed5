import { beforeEach, describe, expect, it } from "vitest";
import { LiveCoordinator, type Batch, type Channel, type CoordinatorDeps } from "./coordinator";
import { FakeWorld } from "./fake-stream";
import type { StreamState } from "./stream";

/** Web Locks and a BroadcastChannel that tabs share. */
class FakeBrowser {
  world = new FakeWorld();
  #held = false;
  #queue: { run: () => unknown; signal: AbortSignal | undefined; done: () => void }[] = [];
  #channels: Channel[] = [];

  locks: NonNullable<CoordinatorDeps["locks"]> = {
    request: ((_: string, options: LockOptions, run: () => unknown) =>
      new Promise<void>((resolve, reject) => {
        const entry = { run, signal: options.signal, done: () => resolve() };
        options.signal?.addEventListener("abort", () => {
          const place = this.#queue.indexOf(entry);
          if (place < 0) return;
          this.#queue.splice(place, 1);
          reject(new DOMException("aborted", "AbortError"));
        });
        this.#queue.push(entry);
        void this.#grant();
      })) as LockManager["request"],
  };

  async #grant(): Promise<void> {
    if (this.#held) return;
    const next = this.#queue.shift();
    if (next === undefined) return;
    this.#held = true;
    await next.run();
    this.#held = false;
    next.done();
    void this.#grant();
  }

  channel(): Channel {
    const channel: Channel = {
      onmessage: null,
      postMessage: (message) => {
        for (const other of this.#channels) if (other !== channel) other.onmessage?.({ data: message });
      },
      close: () => void this.#channels.splice(this.#channels.indexOf(channel), 1),
    };
    this.#channels.push(channel);
    return channel;
  }

  tab(withLocks = true): { live: LiveCoordinator; batches: Batch[]; states: StreamState[] } {
    const batches: Batch[] = [];
    const states: StreamState[] = [];
    const { world } = this;
    const live = new LiveCoordinator(
      "/live",
      { onBatch: (batch) => batches.push(batch), onState: (state) => states.push(state), onUnauthorized: () => undefined },
      {
        fetch: world.fetch,
        setTimeout: world.setTimeout,
        clearTimeout: world.clearTimeout,
        random: world.random,
        locks: withLocks ? this.locks : undefined,
        channel: this.channel(),
      },
    );
    return { live, batches, states };
  }
}

let browser: FakeBrowser;
beforeEach(() => {
  browser = new FakeBrowser();
});

describe("the live stream of a browser", () => {
  it("is one for all visible tabs, which all hear it", async () => {
    const tabs = [browser.tab(), browser.tab(), browser.tab()];
    tabs.forEach((tab) => tab.live.setVisible(true));
    await browser.world.advance(0);
    expect(browser.world.open).toHaveLength(1);
    await browser.world.open[0]?.send('id: 1\nevent: reading\ndata: {"meter_id":"a"}\n\n');
    await browser.world.advance(250);
    expect(tabs.map((tab) => tab.batches.length)).toEqual([1, 1, 1]);
    expect(tabs.map((tab) => tab.states.at(-1))).toEqual(["live", "live", "live"]);
  });

  it("does not exist while every tab is hidden", async () => {
    const tab = browser.tab();
    tab.live.setVisible(true);
    await browser.world.advance(0);
    tab.live.setVisible(false);
    await browser.world.advance(600_000);
    expect(browser.world.connections).toHaveLength(1);
    expect(browser.world.open).toHaveLength(0);
    expect(tab.states.at(-1)).toBe("stopped");
  });

  it("goes to another visible tab when its own is hidden or closed, and resumes there", async () => {
    const [first, second] = [browser.tab(), browser.tab()];
    first.live.setVisible(true);
    second.live.setVisible(true);
    await browser.world.advance(0);
    await browser.world.open[0]?.send('id: 99\nevent: bill\ndata: {}\n\n');
    await browser.world.advance(250);
    first.live.close();
    await browser.world.advance(0);
    expect(browser.world.open).toHaveLength(1);
    expect(browser.world.connections).toHaveLength(2);
    expect(browser.world.open[0]?.lastEventId).toBe("99");
  });

  it("is not taken by a tab that was hidden before its turn", async () => {
    const [first, second] = [browser.tab(), browser.tab()];
    first.live.setVisible(true);
    second.live.setVisible(true);
    second.live.setVisible(false);
    await browser.world.advance(0);
    first.live.setVisible(false);
    await browser.world.advance(1000);
    expect(browser.world.connections).toHaveLength(1);
    expect(browser.world.open).toHaveLength(0);
  });

  it("comes back with the tab", async () => {
    const tab = browser.tab();
    for (const visible of [true, false, true]) {
      tab.live.setVisible(visible);
      await browser.world.advance(0);
    }
    expect(browser.world.open).toHaveLength(1);
    expect(browser.world.connections).toHaveLength(2);
  });

  it("tells a tab that opens later how it is", async () => {
    const first = browser.tab();
    first.live.setVisible(true);
    await browser.world.advance(0);
    const later = browser.tab();
    later.live.setVisible(true);
    expect(later.states).toEqual(["live"]);
  });

  it("passes on the last reading of each meter, and every other event", async () => {
    const tab = browser.tab();
    tab.live.setVisible(true);
    await browser.world.advance(0);
    const stream = browser.world.open[0];
    await stream?.send('event: reading\ndata: {"meter_id":"a","power_w":1}\n\nevent: alert\ndata: {"n":1}\n\n');
    await stream?.send('event: reading\ndata: {"meter_id":"b","power_w":2}\n\nevent: alert\ndata: {"n":2}\n\n');
    await stream?.send('event: reading\ndata: {"meter_id":"a","power_w":3}\n\n');
    await browser.world.advance(250);
    expect(tab.batches.flatMap((batch) => batch.events.map((event) => event.data))).toEqual([
      '{"meter_id":"a","power_w":3}',
      '{"n":1}',
      '{"meter_id":"b","power_w":2}',
      '{"n":2}',
    ]);
  });

  it("is one per tab where there are no locks, and still none when hidden", async () => {
    const tab = browser.tab(false);
    tab.live.setVisible(true);
    await browser.world.advance(0);
    expect(browser.world.open).toHaveLength(1);
    tab.live.setVisible(false);
    expect(browser.world.open).toHaveLength(0);
  });
});
