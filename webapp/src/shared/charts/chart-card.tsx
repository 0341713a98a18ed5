/* A chart as every screen shows it: a title, a sentence that says what it shows, a legend of the kinds that occur,
   and a table with the same numbers behind a switch. */
import { useId, useState, type ReactNode } from "react";
import { useI18n } from "@/shared/i18n/i18n";
import { Icon } from "@/shared/ui/icon";
import { BarChart, type Bar } from "./bar-chart";
import { KIND_LABELS, type BarKind } from "./kinds";
import { Patterns, Swatch } from "./patterns";

export interface ChartCardProps {
  title: string;
  sentence: string;
  bars: readonly Bar[];
  /** What a bucket is: "Day". */
  bucketLabel: string;
  valueLabel: string;
  unit: string;
  scale: number;
  height?: number;
  labelWidth?: number;
  strides?: readonly number[] | undefined;
  aside?: ReactNode;
  className?: string;
}

const LEGEND_ORDER: readonly BarKind[] = ["measured", "ongoing", "estimated", "edited", "partial", "missing"];

export function ChartCard(props: ChartCardProps) {
  const { title, sentence, bars, bucketLabel, valueLabel, height = 260, aside, className = "" } = props;
  const { t, format } = useI18n();
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  const prefix = `pattern${id.replace(/[^a-zA-Z0-9]/g, "")}`;
  const kinds = LEGEND_ORDER.filter((kind) => bars.some((bar) => bar.kind === kind));

  const exports = bars.some((bar) => bar.exported);
  return (
    <section className={`card chart-card ${className}`} aria-labelledby={`${id}-title`} aria-describedby={`${id}-sentence`}>
      <header className="card-head">
        <h2 id={`${id}-title`}>{title}</h2>
        <div className="card-tools">
          {aside}
          <button type="button" className="button button-quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            <Icon name={asTable ? "chart" : "table"} size={18} />
            {asTable ? t("chart.show_chart") : t("chart.show_table")}
          </button>
        </div>
      </header>
      <p className="chart-sentence" id={`${id}-sentence`}>
        {sentence}
      </p>
      {asTable ? (
        <ChartTable bars={bars} caption={title} bucketLabel={bucketLabel} valueLabel={valueLabel} height={height} />
      ) : (
        <BarChart {...props} label={title} height={height} prefix={prefix} formatTick={format.number} />
      )}
      <ul className="chart-legend" aria-label={t("chart.legend")}>
        {kinds.map((kind) => (
          <li key={kind}>
            <Swatch kind={kind} prefix={`${prefix}l`} />
            {t(KIND_LABELS[kind])}
          </li>
        ))}
        {exports ? (
          <li>
            <Swatch kind="exported" prefix={prefix} />
            {t("kind.exported")}
          </li>
        ) : null}
      </ul>
      <svg className="pattern-store" width="0" height="0" aria-hidden="true" focusable="false">
        <Patterns prefix={`${prefix}l`} />
      </svg>
    </section>
  );
}

interface ChartTableProps {
  bars: readonly Bar[];
  caption: string;
  bucketLabel: string;
  valueLabel: string;
  height: number;
}

function ChartTable({ bars, caption, bucketLabel, valueLabel, height }: ChartTableProps) {
  const { t } = useI18n();
  const exports = bars.some((bar) => bar.exported);
  return (
    // A scrolled region must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="table-scroll" role="region" aria-label={t("chart.table", { title: caption })} tabIndex={0} style={{ maxBlockSize: Math.max(height, 320) }}>
      <table className="table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{bucketLabel}</th>
            <th scope="col" className="numeric">
              {valueLabel}
            </th>
            {exports ? (
              <th scope="col" className="numeric">
                {t("kind.exported")}
              </th>
            ) : null}
            <th scope="col">{t("chart.quality")}</th>
          </tr>
        </thead>
        <tbody>
          {bars
            .filter((bar) => bar.kind !== "future")
            .map((bar) => (
              <tr key={bar.key}>
                <th scope="row">{bar.title}</th>
                <td className="numeric">{bar.valueText}</td>
                {exports ? <td className="numeric">{bar.exported?.amount ?? t("value.none")}</td> : null}
                <td>{bar.kindText}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
