/* What the meter sent, newest first, and what became of it. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { queries } from "@/api/queries";
import type { Meter, Reading } from "@/api/types";
import { useI18n } from "@/shared/i18n/i18n";
import { Chip } from "@/shared/ui/chip";
import { Icon } from "@/shared/ui/icon";
import { QueryView } from "@/shared/ui/query-view";
import { Empty, Skeleton } from "@/shared/ui/states";
import { verdictText } from "./verdict-text";

export function ReadingsTable({ meter }: { meter: Meter }) {
  const { t } = useI18n();
  const readings = useInfiniteQuery(queries.readings(meter.meter_id));
  return (
    <QueryView query={readings} skeleton={<Skeleton height={480} />}>
      {(data) => {
        const all = data.pages.flatMap((page) => page.items);
        if (all.length === 0) return <Empty title={t("readings.none.title")} reason={t("readings.none.reason")} />;
        return (
          <>
            {/* A scrolled region must be reachable by keyboard. */}
            {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <div className="table-scroll readings" role="region" aria-label={t("chart.table", { title: t("meter.readings") })} tabIndex={0}>
              <table className="table">
                <caption className="visually-hidden">{t("meter.readings")}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t("readings.ts")}</th>
                    <th scope="col" className="numeric">
                      {t("readings.register")}
                    </th>
                    <th scope="col" className="numeric">
                      {t("fleet.power")}
                    </th>
                    <th scope="col">{t("readings.verdict")}</th>
                    <th scope="col">{t("chart.quality")}</th>
                  </tr>
                </thead>
                <tbody>
                  {all.map((reading, i) => (
                    <ReadingRow key={`${reading.ts} ${i}`} reading={reading} tz={meter.tz} />
                  ))}
                </tbody>
              </table>
            </div>
            <div className="form-actions">
              <button type="button" className="button button-small" disabled={readings.isFetching} onClick={() => void readings.refetch()}>
                <Icon name="refresh" size={18} />
                {t("action.refresh")}
              </button>
              {readings.hasNextPage ? (
                <button type="button" className="button button-small" disabled={readings.isFetchingNextPage} onClick={() => void readings.fetchNextPage()}>
                  {t("readings.older")}
                </button>
              ) : null}
            </div>
          </>
        );
      }}
    </QueryView>
  );
}

function ReadingRow({ reading, tz }: { reading: Reading; tz: string }) {
  const { t, format } = useI18n();
  const none = t("value.none");
  const energy = reading.energy_wh ?? reading.interval_wh;
  const accepted = reading.verdict === "accepted" || reading.verdict === "repeated";
  return (
    <tr>
      <th scope="row" title={t("readings.received", { time: format.dateTime(reading.received, tz) })}>
        {format.day(reading.ts, tz)} {format.timeSeconds(reading.ts, tz)}
      </th>
      <td className="numeric">{energy === undefined ? none : `${format.number(energy / 1000, 3)}\u00a0kWh`}</td>
      <td className="numeric">{reading.power_w === undefined ? none : format.power(reading.power_w)}</td>
      <td>
        <Chip tone={accepted ? "good" : "warn"}>{verdictText(reading.verdict, t)}</Chip>
      </td>
      <td>{t(`kind.${reading.quality}`)}</td>
    </tr>
  );
}
