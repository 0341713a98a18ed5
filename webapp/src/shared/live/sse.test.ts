import { describe, expect, it } from "vitest";
import { SseParser } from "./sse";

describe("the event stream", () => {
  it("gives events with their id and name", () => {
    expect(new SseParser().push('id: 7\nevent: reading\ndata: {"a":1}\n\n')).toEqual([{ event: "reading", data: '{"a":1}', id: "7" }]);
  });

  it("does not care how the bytes are cut, nor how lines end", () => {
    const text = "id: 1\r\nevent: bill\r\ndata: one\r\ndata: two\r\n\r\nevent: reset\ndata:\n\n: comment\n\ndata: x\rid: 2\r\r";
    const whole = new SseParser().push(`${text}\n`);
    const parser = new SseParser();
    const pieces = [...`${text}\n`].flatMap((letter) => parser.push(letter));
    expect(pieces).toEqual(whole);
    expect(whole).toEqual([
      { event: "bill", data: "one\ntwo", id: "1" },
      { event: "reset", data: "", id: "1" },
      { event: "message", data: "x", id: "2" },
    ]);
  });

  it("says nothing for comments and unfinished events", () => {
    const parser = new SseParser();
    expect(parser.push(": .\n\n")).toEqual([]);
    expect(parser.push("data: half")).toEqual([]);
  });

  it("drops an endless line, and goes on after it", () => {
    const parser = new SseParser();
    expect(parser.push(`data: ${"x".repeat(1_100_000)}`)).toEqual([]);
    expect(parser.push("\n\ndata: good\n\n")).toEqual([{ event: "message", data: "good", id: null }]);
  });
});
