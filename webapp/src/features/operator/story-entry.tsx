/* One entry of a meter's story, in words. */
import type { Estimate, MeterEvent, Outages } from "@/api/types";
import { useI18n } from "@/shared/i18n/i18n";
import { Chip } from "@/shared/ui/chip";
import { daySentence } from "./day-strip";
import { decisionText } from "./decision-text";
import { eventText } from "./event-text";
import { Answers } from "./proposals";
import type { StoryItem } from "./story";
import { VerdictItem } from "./verdict-item";

export function StoryEntry({ item, tz }: { item: StoryItem; tz: string }) {
  switch (item.kind) {
    case "verdicts":
    case "checks":
      return <VerdictItem verdict={item.verdict} />;
    case "events":
      return <EventEntry event={item.event} tz={tz} />;
    case "outages":
      return <OutageEntry outage={item.outage} tz={tz} />;
    case "decisions":
      return <DecisionEntry decision={item.decision} tz={tz} />;
    case "days":
      return <DayEntry item={item} />;
  }
}

function EventEntry({ event, tz }: { event: MeterEvent; tz: string }) {
  const { t, format } = useI18n();
  return (
    <>
      <div className="exception-head">
        <Chip tone={event.event === "tamper" || event.event === "power_fail" ? "warn" : "info"}>{t(`event.${event.event}`)}</Chip>
        <time dateTime={event.ts}>{format.dateTime(event.ts, tz)}</time>
      </div>
      <p>{eventText(event, t, format)}</p>
      {event.document === null ? null : (
        <details className="payload">
          <summary>{t("exceptions.payload")}</summary>
          <pre>{JSON.stringify(event.document, null, 1)}</pre>
        </details>
      )}
    </>
  );
}

function OutageEntry({ outage, tz }: { outage: Outages["items"][number]; tz: string }) {
  const { t, format } = useI18n();
  const minutes = t("unit.minutes", { count: Math.max(1, Math.round(outage.duration_s / 60)) });
  return (
    <>
      <div className="exception-head">
        <Chip tone="warn">{t("story.outage")}</Chip>
        <time dateTime={outage.from}>{format.dateTime(outage.from, tz)}</time>
      </div>
      <p>
        {outage.to === null ? t("story.outage.lasts", { minutes }) : t("story.outage.ended", { minutes, time: format.dateTime(outage.to, tz) })}{" "}
        {t(outage.counted ? "story.outage.counted" : "story.outage.short")}
        {outage.began_by === "reading" || outage.ended_by === "reading" ? ` ${t("story.outage.bounded")}` : ""}
      </p>
    </>
  );
}

function DecisionEntry({ decision, tz }: { decision: Estimate; tz: string }) {
  const { t, format } = useI18n();
  return (
    <>
      <div className="exception-head">
        <Chip tone={decision.state === "approved" ? "good" : decision.state === "proposed" ? "warn" : "neutral"}>{t(`decision.state.${decision.state}`)}</Chip>
        <time dateTime={decision.at}>{format.dateTime(decision.at, tz)}</time>
      </div>
      <p>{decisionText(decision, tz, t, format)}</p>
      <p>{t("decide.said", { by: decision.by, reason: decision.reason })}</p>
      {decision.reviewed_by === null || decision.reviewed_at === null ? null : (
        <p>
          {t(`decision.reviewed.${decision.state}`, { by: decision.reviewed_by, time: format.dateTime(decision.reviewed_at, tz) })}
          {decision.note ? ` ${t("decision.note", { note: decision.note })}` : ""}
        </p>
      )}
      <Answers proposal={decision} />
    </>
  );
}

function DayEntry({ item }: { item: Extract<StoryItem, { kind: "days" }> }) {
  const { t, format } = useI18n();
  const { quality } = item;
  return (
    <p className="story-day-sum">
      {daySentence(quality, t, format)} {quality.import_wh === null ? t("story.day.none") : t("story.day.energy", { energy: format.energy(quality.import_wh) })}
    </p>
  );
}
