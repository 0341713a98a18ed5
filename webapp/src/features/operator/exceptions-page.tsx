/* What needs a person: decisions that wait for a second one, readings that were refused or specially judged, days on which a check found something,
   and days that are not whole. */
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { queries } from "@/api/queries";
import { useI18n } from "@/shared/i18n/i18n";
import { addDays } from "@/shared/lib/local-date";
import { Card } from "@/shared/ui/card";
import { Page } from "@/shared/ui/page";
import { QueryView } from "@/shared/ui/query-view";
import { Empty, Skeleton } from "@/shared/ui/states";
import { ExceptionFilters } from "./exceptions-filters";
import { NAME, noneReason, useExceptionFilter, type ExceptionFilter } from "./exceptions-filter";
import { IncompleteDays } from "./incomplete-days";
import { More, useFilled } from "./more";
import { Proposals } from "./proposals";
import { VerdictItem } from "./verdict-item";
import { verdictKey } from "./verdict-key";
import "./operator.css";

export function ExceptionsPage() {
  const { t } = useI18n();
  const { filter, change } = useExceptionFilter();
  const nobody = [filter.meter, filter.district].find((name) => name !== "" && !NAME.test(name));
  return (
    <Page title={t("nav.exceptions")}>
      <Card title={t("exceptions.proposals")}>
        <Proposals />
      </Card>
      <ExceptionFilters filter={filter} change={change} />
      <Card title={t(filter.place === "days" ? "exceptions.days" : "exceptions.queue")}>
        {nobody !== undefined ? (
          <Empty icon="search" title={t("exceptions.none.title")} reason={t("exceptions.none.name", { name: nobody })} />
        ) : filter.place === "days" ? (
          <IncompleteDays filter={filter} />
        ) : (
          <Queue filter={filter} />
        )}
      </Card>
    </Page>
  );
}

function Queue({ filter }: { filter: ExceptionFilter }) {
  const { t } = useI18n();
  const verdicts = useInfiniteQuery({
    ...queries.verdicts({
      meterId: filter.meter,
      district: filter.district,
      place: filter.place === "all" || filter.place === "days" ? "any" : filter.place,
      ...(filter.verdict === "" ? {} : { verdict: filter.verdict }),
      from: filter.from,
      to: filter.to === "" ? "" : addDays(filter.to, 1),
    }),
    placeholderData: keepPreviousData,
  });
  const all = verdicts.data?.pages.flatMap((page) => page.items) ?? [];
  useFilled(verdicts, all.length);
  return (
    <QueryView query={verdicts} skeleton={<Skeleton height={420} />}>
      {() => (
        <div className={verdicts.isPlaceholderData ? "is-stale" : ""}>
          {all.length > 0 ? (
            <ul className="exceptions">
              {all.map((verdict) => (
                <li key={verdictKey(verdict)} className="exception">
                  <VerdictItem verdict={verdict} withMeter />
                </li>
              ))}
            </ul>
          ) : verdicts.hasNextPage ? (
            <Skeleton height={120} />
          ) : (
            <Empty icon="check" title={t("exceptions.none.title")} reason={noneReason(filter, t)} />
          )}
          <More query={verdicts} />
        </div>
      )}
    </QueryView>
  );
}
