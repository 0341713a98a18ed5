/* The bill so far, the forecast and its range. The drawing only places the API's own numbers on one line: what is
   reached, the range from low to high, and the expected total. */
import type { Bill } from "@/api/types";
import { useI18n } from "@/shared/i18n/i18n";
import { dateIn } from "@/shared/lib/local-date";
import { Chip } from "@/shared/ui/chip";
import { EstimatedShare } from "./estimated-share";
import { cycleDays, isPriced } from "./cycle";

export function BillSummary({ bill, tz, nowUtcMs }: { bill: Bill; tz: string; nowUtcMs: number }) {
  const { t, format } = useI18n();
  const money = (minor: number) => format.money(minor, bill.currency, bill.minor);
  const cycle = cycleDays(bill, dateIn(tz, nowUtcMs));
  const priced = isPriced(bill);

  return (
    <div className="bill-summary">
      <div className="bill-now">
        <p className="figure" data-testid="bill-so-far">
          {priced ? money(bill.total_minor) : format.energy(bill.import_wh)}
        </p>
        <p className="figure-note">
          {t("bill.cycle_day", {
            from: format.localDate(bill.cycle_from),
            to: format.localDate(cycle.last),
            day: format.number(cycle.day),
            days: format.number(cycle.length),
          })}
          {priced ? <> · {format.energy(bill.import_wh)}</> : null}
        </p>
        <EstimatedShare bill={bill} />
        {bill.complete ? null : (
          <p className="figure-chip">
            <Chip tone="info">{t("bill.incomplete")}</Chip>
          </p>
        )}
      </div>
      {bill.forecast === null ? (
        <p className="bill-forecast-none">{priced ? t("bill.no_forecast") : t("bill.no_tariff.reason")}</p>
      ) : (
        <div className="bill-forecast">
          <p className="bill-forecast-title">{t("bill.forecast")}</p>
          <p className="bill-forecast-figure" data-testid="bill-forecast">
            {money(bill.forecast.total_minor)}
          </p>
          <p className="bill-forecast-range" data-testid="bill-forecast-range">
            {t("bill.range", { low: money(bill.forecast.low_minor), high: money(bill.forecast.high_minor) })}
          </p>
          <ForecastBar bill={bill} forecast={bill.forecast} />
        </div>
      )}
    </div>
  );
}

function ForecastBar({ bill, forecast }: { bill: Bill; forecast: NonNullable<Bill["forecast"]> }) {
  const { t } = useI18n();
  const most = Math.max(1, forecast.high_minor, bill.total_minor) * 1.04;
  const at = (minor: number) => `${(Math.max(0, minor) / most) * 100}%`;
  return (
    <svg className="forecast-bar" width="100%" height="40" aria-hidden="true" focusable="false">
      <defs>
        <pattern id="forecast-range" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect className="forecast-range-ground" width="6" height="6" />
          <rect className="forecast-range-ink" width="2" height="6" />
        </pattern>
      </defs>
      <rect className="forecast-track" x="0" y="6" width="100%" height="12" rx="6" />
      <rect x={at(forecast.low_minor)} y="6" width={at(forecast.high_minor - forecast.low_minor)} height="12" fill="url(#forecast-range)" />
      <rect className="forecast-reached" x="0" y="6" width={at(bill.total_minor)} height="12" rx="6" />
      <line className="forecast-mark" x1={at(forecast.total_minor)} x2={at(forecast.total_minor)} y1="2" y2="22" />
      <text className="forecast-text" x="0" y="36">
        {t("bill.bar_reached")}
      </text>
      <text className="forecast-text" x={at(forecast.total_minor)} y="36" textAnchor="end">
        {t("bill.bar_expected")}
      </text>
    </svg>
  );
}
