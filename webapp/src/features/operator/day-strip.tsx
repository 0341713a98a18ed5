/* How complete each day of a stretch is: a column per day, filled from below by what its quarter-hours are, each kind with its pattern. One column at a
   time is in the order of the Tab key; arrows go from day to day, Enter to what happened on it. The same stands in a table. */
import { useId, useRef, useState, type KeyboardEvent } from "react";
import type { QualityDay } from "@/api/types";
import { KIND_LABELS, type BarKind } from "@/shared/charts/kinds";
import { fillOf, Patterns, Swatch } from "@/shared/charts/patterns";
import type { Translate } from "@/shared/i18n/catalogue";
import type { Format } from "@/shared/i18n/format";
import { useI18n } from "@/shared/i18n/i18n";
import { Icon } from "@/shared/ui/icon";
import { partsOf } from "./day-parts";

/** "90 of 96 quarter-hours measured, 4 estimated, 2 missing. 180 of 192 readings came." */
export function daySentence(day: QualityDay, t: Translate, format: Format): string {
  if (day.slots_expected === 0) return t("strip.nothing_expected");
  const parts = [
    t("strip.measured", { measured: format.number(day.slots_measured), expected: format.number(day.slots_expected) }),
    day.slots_edited > 0 ? t("strip.edited", { count: day.slots_edited }) : "",
    day.slots_partial > 0 ? t("strip.partial", { count: day.slots_partial }) : "",
    day.slots_estimated > 0 ? t("strip.estimated", { count: day.slots_estimated }) : "",
    day.slots_missing > 0 ? t("strip.missing", { count: day.slots_missing }) : "",
  ].filter(Boolean);
  return `${parts.join(", ")}. ${t("strip.readings", { received: format.number(day.readings_received), expected: format.number(day.readings_expected) })}`;
}

const ORDER: readonly BarKind[] = ["measured", "edited", "partial", "estimated", "missing"];
const HEIGHT = 64;

export function DayStrip({ days, show }: { days: readonly QualityDay[]; show: (day: string) => void }) {
  const { t, format } = useI18n();
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  const prefix = `strip${id.replace(/[^a-zA-Z0-9]/g, "")}`;
  const expected = days.filter((day) => day.slots_expected > 0);
  const whole = expected.filter((day) => day.slots_measured + day.slots_edited === day.slots_expected).length;
  const lacking = days.filter((day) => day.slots_missing > 0).length;
  const kinds = ORDER.filter((kind) => days.some((day) => partsOf(day).some((part) => part.kind === kind)));
  return (
    <section className="card" aria-labelledby={`${id}-title`} aria-describedby={`${id}-sentence`}>
      <header className="card-head">
        <h2 id={`${id}-title`}>{t("strip.title")}</h2>
        <button type="button" className="button button-quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          <Icon name={asTable ? "chart" : "table"} size={18} />
          {asTable ? t("chart.show_chart") : t("chart.show_table")}
        </button>
      </header>
      <p className="chart-sentence" id={`${id}-sentence`}>
        {expected.length === 0 ? t("strip.nothing_expected") : t("strip.sentence", { whole: format.number(whole), count: expected.length })} {lacking > 0 ? t("strip.lacking", { count: lacking }) : ""}
      </p>
      {asTable ? <StripTable days={days} /> : <Cells days={days} prefix={prefix} show={show} />}
      <ul className="chart-legend" aria-label={t("chart.legend")}>
        {kinds.map((kind) => (
          <li key={kind}>
            <Swatch kind={kind} prefix={prefix} />
            {t(KIND_LABELS[kind])}
          </li>
        ))}
      </ul>
      <svg className="pattern-store" width="0" height="0" aria-hidden="true" focusable="false">
        <Patterns prefix={prefix} />
      </svg>
    </section>
  );
}

function Cells({ days, prefix, show }: { days: readonly QualityDay[]; prefix: string; show: (day: string) => void }) {
  const { t, format } = useI18n();
  const [at, setAt] = useState(days.length - 1);
  const list = useRef<HTMLOListElement>(null);
  const current = Math.min(at, days.length - 1);
  const move = (event: KeyboardEvent) => {
    const next: Record<string, number> = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: days.length - 1 };
    const to = next[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const within = Math.max(0, Math.min(days.length - 1, to));
    setAt(within);
    list.current?.querySelectorAll("button")[within]?.focus();
  };
  return (
    <ol ref={list} className="strip">
      {days.map((day, i) => (
        <li key={day.day}>
          <button
            type="button"
            className="strip-day"
            tabIndex={i === current ? 0 : -1}
            aria-label={`${format.localDateLong(day.day)}: ${daySentence(day, t, format)}`}
            title={`${format.localDate(day.day)}: ${daySentence(day, t, format)}`}
            onKeyDown={move}
            onFocus={() => setAt(i)}
            onClick={() => show(day.day)}
          >
            <svg width="100%" height={HEIGHT} aria-hidden="true" focusable="false">
              <rect className="strip-ground" width="100%" height={HEIGHT} rx="3" />
              {partsOf(day).map((part) => (
                <rect
                  key={part.kind}
                  className={`bar bar-${part.kind}`}
                  width="100%"
                  y={HEIGHT * (1 - part.from - part.share)}
                  height={Math.max(2, HEIGHT * part.share)}
                  fill={fillOf(part.kind, prefix)}
                />
              ))}
            </svg>
            <span aria-hidden="true" className={days.length > 31 && i % 2 === 1 ? "strip-label is-quiet" : "strip-label"}>
              {format.dayNumber(`${day.day}T00:00:00Z`, "UTC")}
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function StripTable({ days }: { days: readonly QualityDay[] }) {
  const { t, format } = useI18n();
  const columns = ["measured", "edited", "partial", "estimated", "missing"] as const;
  return (
    // A scrolled region must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="table-scroll strip-table" role="region" aria-label={t("chart.table", { title: t("strip.title") })} tabIndex={0}>
      <table className="table">
        <caption className="visually-hidden">{t("strip.title")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("chart.day")}</th>
            {columns.map((kind) => (
              <th key={kind} scope="col" className="numeric">
                {t(KIND_LABELS[kind])}
              </th>
            ))}
            <th scope="col" className="numeric">
              {t("strip.table.readings")}
            </th>
            <th scope="col" className="numeric">
              {t("chart.use")}
            </th>
          </tr>
        </thead>
        <tbody>
          {days.map((day) => (
            <tr key={day.day}>
              <th scope="row">{format.localDate(day.day)}</th>
              {columns.map((kind) => (
                <td key={kind} className="numeric">
                  {format.number(day[`slots_${kind}`])}
                </td>
              ))}
              <td className="numeric">{t("strip.table.of", { received: format.number(day.readings_received), expected: format.number(day.readings_expected) })}</td>
              <td className="numeric">{day.import_wh === null ? t("value.none") : format.energy(day.import_wh)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
