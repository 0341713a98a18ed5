/* The filters of the queue. Names are asked for when typing rests. */
import { useEffect, useState } from "react";
import { useI18n } from "@/shared/i18n/i18n";
import { Icon } from "@/shared/ui/icon";
import { Segmented } from "@/shared/ui/segmented";
import { PLACES, VERDICTS, type ExceptionFilter } from "./exceptions-filter";
import { useRested } from "./fleet-filter";
import { verdictText } from "./verdict-text";

export interface ExceptionFiltersProps {
  filter: ExceptionFilter;
  change: (part: Partial<ExceptionFilter>) => void;
}

export function ExceptionFilters({ filter, change }: ExceptionFiltersProps) {
  const { t } = useI18n();
  const places = (["neighbours", "door", "over_time"] as const).filter((place) => filter.place === "all" || filter.place === place);
  return (
    <>
      <div className="usage-tools">
        <Segmented
          legend={t("exceptions.filter")}
          value={filter.place}
          onChange={(place) => change({ place, verdict: "" })}
          options={PLACES.map((value) => ({ value, label: t(`exceptions.filter.${value}`) }))}
        />
      </div>
      <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <Name label={t("exceptions.meter")} hint={t("exceptions.meter.any")} value={filter.meter} onRest={(meter) => change({ meter })} />
        <Name label={t("exceptions.district")} hint={t("exceptions.district.any")} value={filter.district} onRest={(district) => change({ district })} />
        {filter.place === "days" ? null : (
          <label className="select-field">
            <span>{t("exceptions.verdict")}</span>
            <select value={filter.verdict} onChange={(event) => change({ verdict: event.target.value as ExceptionFilter["verdict"] })}>
              <option value="">{t("exceptions.verdict.any")}</option>
              {places.map((place) => (
                <optgroup key={place} label={t(`exceptions.filter.${place}`)}>
                  {VERDICTS[place].map((name) => (
                    <option key={name} value={name}>
                      {verdictText(name, t)}
                    </option>
                  ))}
                </optgroup>
              ))}
            </select>
          </label>
        )}
        <label className="date-field">
          <span>{t("exceptions.from")}</span>
          <input type="date" value={filter.from} max={filter.to} onChange={(event) => change({ from: event.target.value })} />
        </label>
        <label className="date-field">
          <span>{t("exceptions.to")}</span>
          <input type="date" value={filter.to} min={filter.from} onChange={(event) => change({ to: event.target.value })} />
        </label>
      </form>
    </>
  );
}

function Name({ label, hint, value, onRest }: { label: string; hint: string; value: string; onRest: (name: string) => void }) {
  const [typed, setTyped] = useState(value);
  const rested = useRested(typed);
  useEffect(() => {
    if (rested.trim() !== value) onRest(rested.trim());
    // Only what was typed leads; the address follows.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [rested]);
  return (
    <label className="search-field">
      <span className="visually-hidden">{label}</span>
      <Icon name="search" size={18} />
      <input type="search" value={typed} maxLength={64} placeholder={hint} onChange={(event) => setTyped(event.target.value)} />
    </label>
  );
}
