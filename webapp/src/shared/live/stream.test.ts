import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeWorld } from "./fake-stream";
import type { ServerEvent } from "./sse";
import { LiveStream, type StreamState } from "./stream";

let world: FakeWorld;
let stream: LiveStream;
let events: ServerEvent[];
let states: StreamState[];
const onUnauthorized = vi.fn();

beforeEach(() => {
  world = new FakeWorld();
  events = [];
  states = [];
  stream = new LiveStream("/live", { onEvent: (event) => events.push(event), onState: (state) => states.push(state), onUnauthorized }, world);
});

describe("a live stream", () => {
  it("hands on what comes", async () => {
    stream.start(null);
    await world.advance(0);
    await world.connections[0]?.send("id: 5\nevent: reading\ndata: {}\n\n");
    expect(events).toEqual([{ event: "reading", data: "{}", id: "5" }]);
    expect(states).toEqual(["connecting", "live"]);
  });

  it("comes back after a break, later each time, from where it was", async () => {
    stream.start(null);
    await world.advance(0);
    await world.connections[0]?.send("id: 41\ndata: x\n\n");
    world.answers = ["unreachable", "unreachable"];
    await world.connections[0]?.end();
    expect(states.at(-1)).toBe("waiting");
    await world.advance(499);
    expect(world.connections).toHaveLength(1);
    await world.advance(1); // first try fails
    await world.advance(999);
    expect(world.answers).toHaveLength(1);
    await world.advance(1); // second try fails
    await world.advance(2000);
    expect(world.connections).toHaveLength(2);
    expect(world.connections[1]?.lastEventId).toBe("41");
    expect(states.at(-1)).toBe("live");
  });

  it("waits as long as the server asks", async () => {
    world.answers = [503];
    world.retryAfterS = 30;
    stream.start(null);
    await world.advance(29_999);
    expect(world.connections).toHaveLength(1);
    await world.advance(1);
    expect(world.connections).toHaveLength(2);
  });

  it("takes silence for a dead line, and a comment for a sign of life", async () => {
    stream.start(null);
    await world.advance(30_000);
    await world.connections[0]?.send(": .\n\n");
    await world.advance(30_000);
    expect(world.open).toHaveLength(1);
    await world.advance(6000);
    expect(states).toContain("waiting");
    expect(world.connections[0]?.closed).toBe(true);
  });

  it("stops for good when the session has ended", async () => {
    world.answers = [401];
    stream.start(null);
    await world.advance(600_000);
    expect(world.connections).toHaveLength(1);
    expect(onUnauthorized).toHaveBeenCalledOnce();
    expect(states.at(-1)).toBe("stopped");
  });

  it("closes when it is stopped, and does not come back by itself", async () => {
    stream.start(null);
    await world.advance(0);
    stream.stop();
    await world.advance(600_000);
    expect(world.connections).toHaveLength(1);
    expect(world.open).toHaveLength(0);
  });

  it("lets a connection go that cannot be alive, and tries again", async () => {
    stream.start(null);
    await world.advance(0);
    stream.interrupt();
    await world.advance(0);
    expect(states.at(-1)).toBe("waiting");
    await world.advance(500);
    expect(world.open).toHaveLength(1);
    expect(states.at(-1)).toBe("live");
  });

  it("does not wait when the network is known to be back", async () => {
    world.answers = ["unreachable", "unreachable", "unreachable", "unreachable"];
    stream.start(null);
    await world.advance(7499);
    expect(world.answers).toHaveLength(0);
    stream.hurry();
    await world.advance(0);
    expect(world.open).toHaveLength(1);
  });
});
