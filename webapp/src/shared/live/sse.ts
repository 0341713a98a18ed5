/* The text/event-stream grammar (WHATWG HTML 9.2.6): bytes in any cut, events out. Pure: no clock, no I/O.
   A line longer than MAX_LINE is a fault of the sender: the event it belongs to is dropped. */

export interface ServerEvent {
  event: string;
  data: string;
  /** The last id seen, which is kept from event to event; null before the first. */
  id: string | null;
}

const MAX_LINE = 1_000_000;

export class SseParser {
  #rest = "";
  #event = "";
  #data: string[] = [];
  #id: string | null = null;
  #broken = false;

  push(chunk: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    this.#rest += chunk;
    for (;;) {
      const end = this.#rest.search(/[\r\n]/);
      if (end < 0) break;
      // A CR at the very end may be the first half of CRLF: wait for what follows.
      if (this.#rest[end] === "\r" && end === this.#rest.length - 1) break;
      const line = this.#rest.slice(0, end);
      const width = this.#rest[end] === "\r" && this.#rest[end + 1] === "\n" ? 2 : 1;
      this.#rest = this.#rest.slice(end + width);
      const event = this.#line(line);
      if (event !== null) events.push(event);
    }
    if (this.#rest.length > MAX_LINE) {
      this.#rest = "";
      this.#broken = true;
    }
    return events;
  }

  #line(line: string): ServerEvent | null {
    if (line === "") return this.#dispatch();
    if (line.startsWith(":")) return null;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    else if (field === "data") this.#data.push(value);
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    return null;
  }

  #dispatch(): ServerEvent | null {
    const event = this.#event || "message";
    const data = this.#data;
    const broken = this.#broken;
    this.#event = "";
    this.#data = [];
    this.#broken = false;
    if (broken || (data.length === 0 && event === "message")) return null;
    return { event, data: data.join("\n"), id: this.#id };
  }
}
