/* One meter's story for an operator: how whole its days are, and what happened, newest first. */
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { Link, useParams } from "react-router";
import { isStatus } from "@/api/errors";
import { queries } from "@/api/queries";
import type { Meter } from "@/api/types";
import { useI18n } from "@/shared/i18n/i18n";
import { addDays, dateIn, daysBetween } from "@/shared/lib/local-date";
import { meterPath } from "@/shared/lib/paths";
import { useAddress } from "@/shared/lib/use-address";
import { useNow } from "@/shared/lib/use-now";
import { meterName } from "@/shared/meters/meter-name";
import { Card } from "@/shared/ui/card";
import { Icon } from "@/shared/ui/icon";
import { Page } from "@/shared/ui/page";
import { QueryView } from "@/shared/ui/query-view";
import { Empty, Skeleton } from "@/shared/ui/states";
import { Correct } from "./correct";
import { DayStrip } from "./day-strip";
import { byDay, STORY_KINDS, storyOf, type StoryItem, type StoryKind } from "./story";
import { StoryEntry } from "./story-entry";
import "./operator.css";

/** The contract's limit of one question, and how far back is looked at first. */
const DAYS_MAX = 62;
const DAYS = 14;
const VERDICTS_MAX = 500;

export function StoryPage() {
  const { meterId = "" } = useParams();
  const { t } = useI18n();
  const meter = useQuery(queries.meter(meterId));
  const back = (
    <Link className="back-link" to={meterPath(meterId)}>
      <Icon name="left" size={18} />
      {meter.data ? meterName(meter.data) : meterId}
    </Link>
  );
  if (isStatus(meter.error, 404)) {
    return (
      <Page title={t("story.title", { meter: meterId })} back={back}>
        <Empty icon="grid" title={t("meter.unknown.title")} reason={t("meter.unknown.reason", { id: meterId })} />
      </Page>
    );
  }
  return (
    <Page title={t("story.title", { meter: meter.data ? meterName(meter.data) : meterId })} back={back}>
      <QueryView query={meter} skeleton={<Skeleton height={900} />}>
        {(data) => <Story meter={data} />}
      </QueryView>
    </Page>
  );
}

interface Stretch {
  from: string;
  /** Does not count. */
  until: string;
  kinds: readonly StoryKind[];
}

export function stretchOf(params: URLSearchParams, today: string): Stretch {
  const date = (name: string) => (/^\d{4}-\d\d-\d\d$/.test(params.get(name) ?? "") ? params.get(name) : null);
  const until = addDays(date("to") ?? today, 1);
  const asked = date("from") ?? addDays(until, -DAYS);
  const days = daysBetween(asked, until);
  const from = days > DAYS_MAX ? addDays(until, -DAYS_MAX) : days < 1 ? addDays(until, -1) : asked;
  const without = new Set((params.get("without") ?? "").split(","));
  return { from, until, kinds: STORY_KINDS.filter((kind) => !without.has(kind)) };
}

function useStory(meter: Meter, { from, until }: Stretch) {
  const id = meter.meter_id;
  const days = useInfiniteQuery({ ...queries.quality({ meterId: id, from, to: until }), placeholderData: keepPreviousData });
  const verdicts = useInfiniteQuery({ ...queries.verdicts({ meterId: id, place: "any", from, to: until, limit: VERDICTS_MAX }), placeholderData: keepPreviousData });
  const events = useQuery({ ...queries.events(id, from, until), placeholderData: keepPreviousData });
  const outages = useQuery({ ...queries.outages(id, from, until), placeholderData: keepPreviousData });
  const decisions = useQuery(queries.decisions(id));
  const all = [days, verdicts, events, outages, decisions];
  return { days, verdicts, events, outages, decisions, failed: all.find((query) => query.isError && query.data === undefined), waiting: all.some((query) => query.data === undefined) };
}

function Story({ meter }: { meter: Meter }) {
  const { t } = useI18n();
  const now = useNow(60_000);
  const [params, change] = useAddress();
  const list = useRef<HTMLDivElement>(null);
  const today = dateIn(meter.tz, now);
  const stretch = stretchOf(params, today);
  const story = useStory(meter, stretch);
  const show = (day: string) => list.current?.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus();
  const days = story.days.data?.pages.flatMap((page) => page.items) ?? [];
  const verdicts = story.verdicts.data?.pages.flatMap((page) => page.items) ?? [];
  const items = storyOf(
    {
      tz: meter.tz,
      verdicts,
      events: story.events.data?.items ?? [],
      outages: story.outages.data?.items ?? [],
      decisions: story.decisions.data?.items ?? [],
      days,
    },
    stretch.from,
    stretch.until,
  );
  const full = story.verdicts.hasNextPage || Boolean(story.events.data?.next_cursor) || Boolean(story.decisions.data?.next_cursor);
  return (
    <>
      <StretchFields stretch={stretch} today={today} change={change} items={items} />
      <QueryView query={story.days} skeleton={<Skeleton height={210} />}>
        {() => (days.length === 0 ? null : <DayStrip days={days} show={show} />)}
      </QueryView>
      <Card title={t("story.list")} aside={<Correct meterId={meter.meter_id} tz={meter.tz} from={now - 86_400_000} to={Math.floor(now / 900_000) * 900_000} opener={t("correct.open")} />}>
        {story.failed ? (
          <QueryView query={story.failed} skeleton={null}>
            {() => null}
          </QueryView>
        ) : story.waiting ? (
          <Skeleton height={480} />
        ) : (
          <div ref={list}>
            {full ? <p className="exceptions-none">{t("story.full")}</p> : null}
            <StoryList items={items.filter((item) => stretch.kinds.includes(item.kind))} tz={meter.tz} />
          </div>
        )}
      </Card>
    </>
  );
}

function StoryList({ items, tz }: { items: readonly StoryItem[]; tz: string }) {
  const { t, format } = useI18n();
  if (items.length === 0) return <Empty icon="check" title={t("story.none.title")} reason={t("story.none.reason")} />;
  return byDay(items).map(({ day, items: onDay }) => (
    <section key={day} className="story-day">
      <h3 data-day={day} tabIndex={-1}>
        {format.dayLong(`${day}T00:00:00Z`, "UTC")}
      </h3>
      <ul className="exceptions">
        {onDay.map((item) => (
          <li key={item.key} className={`exception story-${item.kind}`}>
            <StoryEntry item={item} tz={tz} />
          </li>
        ))}
      </ul>
    </section>
  ));
}

interface StretchFieldsProps {
  stretch: Stretch;
  today: string;
  change: (part: Record<string, string>) => void;
  items: readonly StoryItem[];
}

function StretchFields({ stretch, today, change, items }: StretchFieldsProps) {
  const { t, format } = useI18n();
  const toggle = (kind: StoryKind) =>
    change({ without: STORY_KINDS.filter((one) => stretch.kinds.includes(one) === (one === kind)).join(",") });
  return (
    <form className="filters story-filters" onSubmit={(event) => event.preventDefault()}>
      <label className="date-field">
        <span>{t("exceptions.from")}</span>
        <input type="date" value={stretch.from} max={today} onChange={(event) => change({ from: event.target.value })} />
      </label>
      <label className="date-field">
        <span>{t("exceptions.to")}</span>
        <input type="date" value={addDays(stretch.until, -1)} max={today} onChange={(event) => change({ to: event.target.value })} />
      </label>
      <fieldset className="kinds">
        <legend>{t("story.kinds")}</legend>
        {STORY_KINDS.map((kind) => (
          <label key={kind} className="kind">
            <input type="checkbox" checked={stretch.kinds.includes(kind)} onChange={() => toggle(kind)} />
            <span>
              {t(`story.kind.${kind}`)} <small>{format.number(items.filter((item) => item.kind === kind).length)}</small>
            </span>
          </label>
        ))}
      </fieldset>
    </form>
  );
}
