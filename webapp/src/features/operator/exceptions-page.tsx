/* What needs a person: decisions that wait for a second one, and readings that were refused or specially judged. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearchParams, Link } from "react-router";
import { queries } from "@/api/queries";
import type { Verdict, VerdictPlace } from "@/api/types";
import { useI18n } from "@/shared/i18n/i18n";
import { meterPath } from "@/shared/lib/paths";
import { Card } from "@/shared/ui/card";
import { Chip } from "@/shared/ui/chip";
import { Icon } from "@/shared/ui/icon";
import { Page } from "@/shared/ui/page";
import { QueryView } from "@/shared/ui/query-view";
import { Segmented } from "@/shared/ui/segmented";
import { Empty, Skeleton } from "@/shared/ui/states";
import { Decide } from "./decide";
import { Proposals } from "./proposals";
import { verdictText } from "./verdict-text";
import "./operator.css";

const PLACES = ["all", "neighbours", "door"] as const;

export function ExceptionsPage() {
  const { t } = useI18n();
  const [params, setParams] = useSearchParams();
  const place = PLACES.find((known) => known === params.get("place")) ?? "all";
  const meterId = params.get("meter") ?? "";
  const verdicts = useInfiniteQuery(queries.verdicts({ meterId, ...(place === "all" ? {} : { place: place satisfies VerdictPlace }) }));
  const change = (name: string, value: string) => {
    const next = new URLSearchParams(params);
    if (value === "" || value === "all") next.delete(name);
    else next.set(name, value);
    setParams(next, { replace: true });
  };

  return (
    <Page title={t("nav.exceptions")}>
      <Card title={t("exceptions.proposals")}>
        <Proposals />
      </Card>
      <div className="usage-tools">
        <Segmented
          legend={t("exceptions.filter")}
          value={place}
          onChange={(next) => change("place", next)}
          options={PLACES.map((value) => ({ value, label: t(`exceptions.filter.${value}`) }))}
        />
        <label className="search-field">
          <span className="visually-hidden">{t("exceptions.meter")}</span>
          <Icon name="search" size={18} />
          <input type="search" value={meterId} placeholder={t("exceptions.meter.any")} onChange={(event) => change("meter", event.target.value.trim())} />
        </label>
      </div>
      <Card title={t("exceptions.queue")}>
        <QueryView query={verdicts} skeleton={<Skeleton height={420} />}>
          {(data) => {
            const all = data.pages.flatMap((page) => page.items).filter((item): item is Verdict => item.place !== "over_time");
            if (all.length === 0) return <Empty icon="check" title={t("exceptions.none.title")} reason={t("exceptions.none.reason")} />;
            return (
              <>
                <ul className="exceptions">
                  {all.map((verdict) => (
                    <Row key={keyOf(verdict)} verdict={verdict} />
                  ))}
                </ul>
                {verdicts.hasNextPage ? (
                  <button type="button" className="button" disabled={verdicts.isFetchingNextPage} onClick={() => void verdicts.fetchNextPage()}>
                    {t("action.more")}
                  </button>
                ) : null}
              </>
            );
          }}
        </QueryView>
      </Card>
    </Page>
  );
}

function keyOf(verdict: Verdict): string {
  const what = verdict.place === "door" ? (verdict.payload ?? verdict.detail) : `${verdict.channel} ${verdict.value_wh}`;
  return `${verdict.place} ${verdict.at} ${verdict.meter_id ?? ""} ${verdict.verdict} ${what ?? ""}`;
}

function Row({ verdict }: { verdict: Verdict }) {
  const { t, format } = useI18n();
  const tz = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const good = verdict.place === "neighbours" && verdict.counts;
  return (
    <li className="exception">
      <div className="exception-head">
        <Chip tone={verdict.place === "door" ? "bad" : good ? "info" : "warn"}>{verdictText(verdict.verdict, t)}</Chip>
        {verdict.meter_id === null ? null : (
          <Link className="text-link" to={meterPath(verdict.meter_id)}>
            {verdict.meter_id}
          </Link>
        )}
        <time dateTime={verdict.at}>{format.dateTime(verdict.at, tz)}</time>
      </div>
      {verdict.place === "door" ? (
        <p>{t("exceptions.refused", { detail: verdict.detail ?? verdict.meaning })}</p>
      ) : (
        <>
          <p>
            {t("exceptions.read", { channel: verdict.channel, wh: format.energy(verdict.value_wh, 3) })}. {t(good ? "exceptions.counts" : "exceptions.aside")}
          </p>
          {verdict.kind === "register" && verdict.meter_id !== null ? (
            <Decide meterId={verdict.meter_id} channel={verdict.channel} ts={verdict.ts} valueWh={verdict.value_wh} counts={verdict.counts} />
          ) : null}
        </>
      )}
    </li>
  );
}
