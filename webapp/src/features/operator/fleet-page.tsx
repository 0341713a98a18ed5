/* The whole fleet: its health at a glance, where its meters are, and all of them as a list. */
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { queries } from "@/api/queries";
import type { Meter } from "@/api/types";
import { useI18n } from "@/shared/i18n/i18n";
import { useNow } from "@/shared/lib/use-now";
import { conditionOf, CONDITIONS, type Condition } from "@/shared/meters/condition";
import { Card } from "@/shared/ui/card";
import { Icon } from "@/shared/ui/icon";
import { Page } from "@/shared/ui/page";
import { QueryView } from "@/shared/ui/query-view";
import { Empty, Skeleton } from "@/shared/ui/states";
import { FleetMap } from "./fleet-map";
import { FleetTable } from "./fleet-table";
import { FleetTiles } from "./fleet-tiles";
import { useFleetFilter, useRested, type FleetFilter } from "./fleet-filter";
import "./operator.css";

/** Pages that are fetched by themselves: 20,000 meters. */
const PAGES_MAX = 20;

export interface FleetMeter {
  meter: Meter;
  condition: Condition;
}

export function FleetPage() {
  const { t } = useI18n();
  const { filter, change } = useFleetFilter();
  const [typed, setTyped] = useState(filter.q);
  const rested = useRested(typed);
  const now = useNow(30_000);
  const summary = useQuery(queries.fleet());
  const meters = useInfiniteQuery({
    ...queries.meters({ q: filter.q, ...(filter.state === "" ? {} : { state: filter.state }) }),
    refetchInterval: 60_000,
    placeholderData: keepPreviousData,
  });

  useEffect(() => {
    if (rested !== filter.q) change({ q: rested });
    // Only what was typed leads; the address follows.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [rested]);

  const pages = meters.data?.pages.length ?? 0;
  const { hasNextPage, isFetching, fetchNextPage } = meters;
  useEffect(() => {
    if (hasNextPage && !isFetching && pages < PAGES_MAX) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage, pages]);

  return (
    <Page title={t("fleet.title")}>
      <QueryView query={summary} skeleton={<Skeleton height={132} />}>
        {(data) => <FleetTiles summary={data} nowUtcMs={now} />}
      </QueryView>
      <Card title={t("fleet.meters")} className="fleet-card">
        <FilterRow typed={typed} setTyped={setTyped} filter={filter} change={change} />
        <QueryView query={meters} skeleton={<Skeleton height={620} />}>
          {(data) => <FleetBody all={data.pages.flatMap((page) => page.items)} filter={filter} nowUtcMs={now} more={hasNextPage} />}
        </QueryView>
      </Card>
    </Page>
  );
}

interface FleetBodyProps {
  all: readonly Meter[];
  filter: FleetFilter;
  nowUtcMs: number;
  more: boolean;
}

function FleetBody({ all, filter, nowUtcMs, more }: FleetBodyProps) {
  const { t } = useI18n();
  const shown = useMemo(() => {
    const judged = all.map((meter): FleetMeter => ({ meter, condition: conditionOf(meter, null, nowUtcMs) }));
    return filter.condition === "" ? judged : judged.filter((row) => row.condition === filter.condition);
  }, [all, filter.condition, nowUtcMs]);
  const filtered = filter.q !== "" || filter.state !== "" || filter.condition !== "";

  if (shown.length === 0) {
    return filtered ? (
      <Empty icon="search" title={t("fleet.no_match.title")} reason={t("fleet.no_match.reason")} />
    ) : (
      <Empty icon="grid" title={t("fleet.none.title")} reason={t("fleet.none.reason")} />
    );
  }
  return (
    <>
      <p className="fleet-count" role="status">
        {t("fleet.count", { count: shown.length })}
        {more ? ` · ${t("fleet.loading_more")}` : ""}
      </p>
      <div className="fleet-split">
        <FleetMap meters={shown} />
        <FleetTable meters={shown} nowUtcMs={nowUtcMs} />
      </div>
    </>
  );
}

interface FilterRowProps {
  typed: string;
  setTyped: (text: string) => void;
  filter: FleetFilter;
  change: (part: Partial<FleetFilter>) => void;
}

function FilterRow({ typed, setTyped, filter, change }: FilterRowProps) {
  const { t } = useI18n();
  return (
    <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <label className="search-field">
        <span className="visually-hidden">{t("fleet.search")}</span>
        <Icon name="search" size={18} />
        <input type="search" value={typed} maxLength={64} placeholder={t("fleet.search")} onChange={(event) => setTyped(event.target.value)} />
      </label>
      <label className="select-field">
        <span>{t("fleet.condition")}</span>
        <select value={filter.condition} onChange={(event) => change({ condition: event.target.value as FleetFilter["condition"] })}>
          <option value="">{t("fleet.all")}</option>
          {CONDITIONS.map((condition) => (
            <option key={condition} value={condition}>
              {t(`condition.${condition}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="select-field">
        <span>{t("fleet.state")}</span>
        <select value={filter.state} onChange={(event) => change({ state: event.target.value as FleetFilter["state"] })}>
          <option value="">{t("fleet.all")}</option>
          {(["active", "unassigned", "inactive"] as const).map((state) => (
            <option key={state} value={state}>
              {t(`meter.state.${state}`)}
            </option>
          ))}
        </select>
      </label>
    </form>
  );
}
