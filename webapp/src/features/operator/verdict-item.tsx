/* One entry of the exception queue: what was judged and why, what became of the energy, and what can be done. */
import { Link } from "react-router";
import type { Verdict } from "@/api/types";
import type { Translate } from "@/shared/i18n/catalogue";
import type { Format } from "@/shared/i18n/format";
import { useI18n } from "@/shared/i18n/i18n";
import { storyPath } from "@/shared/lib/paths";
import { Chip } from "@/shared/ui/chip";
import { Correct } from "./correct";
import { Decide } from "./decide";
import { verdictText } from "./verdict-text";

type OverTime = Extract<Verdict, { place: "over_time" }>;
type Neighbours = Extract<Verdict, { place: "neighbours" }>;
type Door = Extract<Verdict, { place: "door" }>;

export function VerdictItem({ verdict, withMeter = false }: { verdict: Verdict; withMeter?: boolean }) {
  const { t, format } = useI18n();
  const tz = verdict.tz ?? "UTC";
  const good = verdict.place === "neighbours" && verdict.counts;
  return (
    <>
      <div className="exception-head">
        <Chip tone={verdict.place === "door" ? "bad" : good || verdict.place === "over_time" ? "info" : "warn"}>{verdictText(verdict.verdict, t)}</Chip>
        {!withMeter || verdict.meter_id === null ? null : verdict.tz === null ? (
          <strong>{verdict.meter_id}</strong>
        ) : (
          <Link className="text-link" to={storyPath(verdict.meter_id)}>
            {verdict.meter_id}
          </Link>
        )}
        <time dateTime={verdict.at}>
          {verdict.place === "over_time" ? format.localDateLong(verdict.day) : format.dateTime(verdict.at, tz)}
          {verdict.tz === null ? " UTC" : ""}
        </time>
      </div>
      {verdict.place === "door" ? <AtDoor verdict={verdict} /> : verdict.place === "over_time" ? <Found verdict={verdict} /> : <Read verdict={verdict} good={good} />}
    </>
  );
}

function AtDoor({ verdict }: { verdict: Door }) {
  const { t } = useI18n();
  return (
    <>
      <p>{t("exceptions.refused", { detail: verdict.detail ?? verdict.meaning })}</p>
      {verdict.payload === null ? null : (
        <details className="payload">
          <summary>{t("exceptions.payload")}</summary>
          <pre>{verdict.payload}</pre>
        </details>
      )}
    </>
  );
}

function Read({ verdict, good }: { verdict: Neighbours; good: boolean }) {
  const { t, format } = useI18n();
  return (
    <>
      <p>
        {t("exceptions.read", { channel: verdict.channel, wh: format.energy(verdict.value_wh, 3) })}. {t(good ? "exceptions.counts" : "exceptions.aside")}
      </p>
      {verdict.kind === "register" && verdict.meter_id !== null ? (
        <Decide meterId={verdict.meter_id} channel={verdict.channel} ts={verdict.ts} valueWh={verdict.value_wh} counts={verdict.counts} />
      ) : null}
    </>
  );
}

function Found({ verdict }: { verdict: OverTime }) {
  const { t, format } = useI18n();
  const tz = verdict.tz ?? "UTC";
  return (
    <>
      <p>
        {t("exceptions.found", {
          value: measure(verdict.value, verdict.unit, t, format),
          threshold: measure(verdict.threshold, verdict.unit, t, format),
          from: format.dateTime(verdict.from, tz),
          to: format.dateTime(verdict.to, tz),
        })}{" "}
        {t("exceptions.advisory")}
      </p>
      {verdict.meter_id === null ? null : <Correct meterId={verdict.meter_id} tz={tz} from={verdict.from} to={verdict.to} opener={t("correct.open")} />}
    </>
  );
}

function measure(value: number, unit: OverTime["unit"], t: Translate, format: Format): string {
  switch (unit) {
    case "W":
      return format.power(value);
    case "percent":
      return format.percent(value * 10);
    case "permille":
      return format.percent(value);
    case "s":
      return t("unit.seconds", { count: value });
    case "quarter_hour":
      return t("unit.quarter_hours", { count: value });
  }
}
