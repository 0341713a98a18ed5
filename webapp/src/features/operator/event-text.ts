/* What a meter told, in a sentence with the numbers of its message, where it has the ones the protocol names. Pure. */
import type { MeterEvent } from "@/api/types";
import type { Translate } from "@/shared/i18n/catalogue";
import type { Format } from "@/shared/i18n/format";

export function eventText(event: MeterEvent, t: Translate, format: Format): string {
  const document = event.document ?? {};
  switch (event.event) {
    case "exchange": {
      const last = device(document["old"]);
      const first = device(document["new"]);
      return last === null || first === null
        ? t("event.exchange.plain")
        : t("event.exchange.text", { old: last.serial, last: format.energy(last.wh, 3), fresh: first.serial, first: format.energy(first.wh, 3) });
    }
    case "command": {
      const id = document["command_id"];
      const result = document["result"];
      if (typeof id !== "string" && typeof id !== "number") return t("event.command.plain");
      return t(result === "done" ? "event.command.done" : result === "refused" ? "event.command.refused" : "event.command.answered", { id: String(id) });
    }
    case "tamper":
      return t("event.tamper.text");
    case "power_fail":
      return t("event.power_fail.text");
    case "power_restored":
      return t("event.power_restored.text");
    case "clock_set":
      return t("event.clock_set.text");
  }
}

/** The device that went or came, with what its register showed. */
function device(told: unknown): { serial: string; wh: number } | null {
  if (typeof told !== "object" || told === null) return null;
  const known = told as Record<string, unknown>;
  const wh = known["final_wh"] ?? known["start_wh"];
  return typeof wh === "number" ? { serial: typeof known["serial"] === "string" ? known["serial"] : "–", wh } : null;
}
