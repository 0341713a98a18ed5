/* What one line of a bill is made of: its energy by local days, how what was metered became the quantity, the rows of a table of prices, the formula with its fraction
   before rounding, and the clause of the tariff. Every number is the API's own. */
import type { components } from "@/api/schema";
import { ChartCard } from "@/shared/charts/chart-card";
import { qualitySentence } from "@/shared/charts/quality-sentence";
import { seriesBars } from "@/shared/charts/use-series-bars";
import type { MessageKey } from "@/shared/i18n/catalogue";
import { useI18n } from "@/shared/i18n/i18n";
import { addDays } from "@/shared/lib/local-date";
import { lineName } from "./line-name";

type Explanation = components["schemas"]["BillExplanation"];
type Line = components["schemas"]["ExplainedLine"];
type Energy = components["schemas"]["LineEnergy"];

/** The parts beside what was metered, as they are told. */
const PARTS = { compensated_wh: "explain.compensated", rounding_wh: "explain.rounding", minimum_wh: "explain.minimum", other_wh: "explain.other" } as const satisfies Partial<
  Record<keyof Energy, MessageKey>
>;

export function LineExplained({ bill, line, nowUtcMs }: { bill: Explanation; line: Line; nowUtcMs: number }) {
  const { t, format } = useI18n();
  return (
    <div className="line-explained">
      {line.intervals === undefined ? null : <LineChart bill={bill} line={line} nowUtcMs={nowUtcMs} />}
      {line.peak === undefined ? null : <p>{t("explain.peak", { kw: format.decimal(line.peak.kw, 3), when: format.dateTime(line.peak.t, bill.tz) })}</p>}
      {line.prices === undefined ? null : (
        <ul>
          {line.prices.map((row) => (
            <li key={row.from}>
              {t("bills.span", { from: format.localDate(row.from), to: format.localDate(addDays(row.until, -1)) })} · {t("unit.days", { count: row.days })} ·{" "}
              {row.level === null ? "" : `${lineName(row.level, t)} · `}
              {format.price(row.unit_price, bill.currency)}
            </li>
          ))}
        </ul>
      )}
      <dl className="facts">
        <div>
          <dt>{t("explain.how")}</dt>
          <dd>
            <code>{line.how.replace(" (taxes inside)", "")}</code>
          </dd>
        </div>
        <div>
          <dt>{t("explain.exact")}</dt>
          <dd>
            <code>{fraction(line.exact_minor)}</code>
          </dd>
        </div>
        <div>
          <dt>{t("explain.clause")}</dt>
          <dd>
            <code>{line.rule}</code>
            {line.act === undefined ? "" : ` · ${line.act}`}
          </dd>
        </div>
      </dl>
      {bill.as_billed ? null : <p>{t("explain.changing")}</p>}
    </div>
  );
}

/** `123/1` is 123. */
function fraction(text: string): string {
  return text.replace(/\/1$/, "");
}

function LineChart({ bill, line, nowUtcMs }: { bill: Explanation; line: Line; nowUtcMs: number }) {
  const { t, format } = useI18n();
  const { intervals, energy } = line;
  const [, until = ""] = line.segment.split("/");
  if (intervals === undefined) return null;
  const bars = seriesBars(
    {
      meter_id: bill.meter_id, tz: bill.tz, bucket: "day", from: intervals.t[0] ?? bill.as_of, to: `${until}T00:00:00Z`, complete: true,
      t: intervals.t, import_wh: intervals.wh, export_wh: intervals.wh.map(() => null), quality: intervals.quality,
    },
    nowUtcMs,
    format,
    t,
  );
  const parts = energy === undefined ? [] : (Object.keys(PARTS) as (keyof typeof PARTS)[]).filter((part) => energy[part] !== 0);
  const sentence = [
    energy === undefined ? "" : t("explain.metered", { energy: format.energy(energy.metered_wh) }),
    ...parts.map((part) => t(PARTS[part], { energy: format.energy(energy?.[part] ?? 0) })),
    qualitySentence(bars, t),
  ]
    .filter(Boolean)
    .join(" ");
  return (
    <ChartCard title={t("explain.days", { line: lineName(line.id, t) })} sentence={sentence} bars={bars} bucketLabel={t("chart.day")} valueLabel={t("chart.use")} unit="kWh" scale={1000} height={180} labelWidth={26} />
  );
}
