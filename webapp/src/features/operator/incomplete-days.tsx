/* Days of meters that are not whole: something is missing, estimated or partly known. Each opens into its holes, which can be given their energy. */
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { Link } from "react-router";
import { queries } from "@/api/queries";
import type { QualityDay } from "@/api/types";
import { useI18n } from "@/shared/i18n/i18n";
import { addDays, dateIn, daysBetween } from "@/shared/lib/local-date";
import { storyPath } from "@/shared/lib/paths";
import { useNow } from "@/shared/lib/use-now";
import { QueryView } from "@/shared/ui/query-view";
import { Empty, Skeleton } from "@/shared/ui/states";
import { Correct } from "./correct";
import { daySentence } from "./day-strip";
import { noneReason, type ExceptionFilter } from "./exceptions-filter";
import { holesOf } from "./holes";
import { More, useFilled } from "./more";

/** The contract's limit of one question, and how far back is looked without dates. */
const DAYS_MAX = 62;
const DAYS = 14;

/** The days asked for, half-open, never more than the contract allows: the latest of them. */
export function spanOf(filter: Pick<ExceptionFilter, "from" | "to">, today: string): { from: string; to: string } {
  const to = addDays(filter.to === "" ? today : filter.to, 1);
  const from = filter.from === "" ? addDays(to, -DAYS) : filter.from;
  return { from: daysBetween(from, to) > DAYS_MAX ? addDays(to, -DAYS_MAX) : from >= to ? addDays(to, -1) : from, to };
}

export function IncompleteDays({ filter }: { filter: ExceptionFilter }) {
  const { t, format } = useI18n();
  const now = useNow(60_000);
  const span = spanOf(filter, dateIn("UTC", now));
  const days = useInfiniteQuery({
    ...queries.quality({ ...span, meterId: filter.meter, district: filter.district, incomplete: true }),
    placeholderData: keepPreviousData,
  });
  const all = days.data?.pages.flatMap((page) => page.items) ?? [];
  useFilled(days, all.length);
  return (
    <QueryView query={days} skeleton={<Skeleton height={420} />}>
      {() => (
        <div className={days.isPlaceholderData ? "is-stale" : ""}>
          <p className="exceptions-none">{t("exceptions.days.span", { from: format.localDate(span.from), to: format.localDate(addDays(span.to, -1)) })}</p>
          {all.length > 0 ? (
            <ul className="exceptions">
              {all.map((day) => (
                <Day key={`${day.day} ${day.meter_id}`} day={day} nowUtcMs={now} />
              ))}
            </ul>
          ) : days.hasNextPage ? (
            <Skeleton height={120} />
          ) : (
            <Empty icon="check" title={t("exceptions.none.title")} reason={noneReason({ ...filter, verdict: "", from: "", to: "" }, t)} />
          )}
          <More query={days} />
        </div>
      )}
    </QueryView>
  );
}

function Day({ day, nowUtcMs }: { day: QualityDay; nowUtcMs: number }) {
  const { t, format } = useI18n();
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <li className="exception">
      <div className="exception-head">
        <strong>{format.localDateLong(day.day)}</strong>
        <Link className="text-link" to={storyPath(day.meter_id)}>
          {day.meter_id}
        </Link>
        {day.district === null ? null : <span>{day.district}</span>}
      </div>
      <p>{daySentence(day, t, format)}</p>
      <button type="button" className="button button-small" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {t(open ? "exceptions.holes.hide" : "exceptions.holes.show")}
      </button>
      <div id={id} className="holes">
        {open ? <Holes day={day} nowUtcMs={nowUtcMs} /> : null}
      </div>
    </li>
  );
}

function Holes({ day, nowUtcMs }: { day: QualityDay; nowUtcMs: number }) {
  const { t, format } = useI18n();
  const usage = useQuery(queries.usage(day.meter_id, "quarter_hour", day.day, addDays(day.day, 1)));
  return (
    <QueryView query={usage} skeleton={<Skeleton height={80} />}>
      {(series) => {
        const holes = holesOf(series, nowUtcMs);
        if (holes.length === 0) return <p>{t("exceptions.holes.none")}</p>;
        return (
          <ul className="hole-list">
            {holes.map((hole) => (
              <li key={hole.fromUtcMs}>
                <p>
                  {t(`exceptions.hole.${hole.kind}`, {
                    from: format.time(hole.fromUtcMs, series.tz),
                    to: format.time(hole.toUtcMs, series.tz),
                    count: hole.quarters,
                  })}
                </p>
                <Correct meterId={day.meter_id} tz={series.tz} from={hole.fromUtcMs} to={hole.toUtcMs} opener={t("correct.open")} />
              </li>
            ))}
          </ul>
        );
      }}
    </QueryView>
  );
}
