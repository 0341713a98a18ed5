import type { ReactNode } from "react";
import type { Meter } from "@/api/types";
import { useI18n } from "@/shared/i18n/i18n";

/** What is known of a metering point, as it was registered. */
export function MeterFacts({ meter }: { meter: Meter }) {
  const { t, format } = useI18n();
  const none = t("value.none");
  const { service } = meter;
  const facts: [string, ReactNode][] = [
    [t("facts.account"), meter.account_id ?? t("facts.no_account")],
    [t("facts.serial"), meter.serial ?? none],
    [t("facts.district"), meter.district ?? none],
    [t("facts.feeder"), meter.feeder ?? none],
    [
      t("facts.position"),
      meter.latitude === null || meter.longitude === null ? none : `${format.number(meter.latitude, 5)}; ${format.number(meter.longitude, 5)}`,
    ],
    [t("facts.service"), t("facts.service.value", { phases: format.number(service.phases), volts: format.number(service.volts), amps: format.number(service.amps) })],
    [t("facts.interval"), meter.reading_interval_s === null ? t("facts.interval.found") : t("facts.interval.value", { count: meter.reading_interval_s })],
    [t("facts.tz"), meter.tz],
    [t("facts.connection"), meter.online === null ? t("facts.connection.unknown") : meter.online ? t("facts.connection.online") : t("facts.connection.offline")],
    [t("facts.changed"), meter.online === null || meter.online_changed === null ? none : format.dateTime(meter.online_changed, meter.tz)],
    [t("facts.origin"), meter.auto_registered ? t("facts.origin.auto") : t("facts.origin.registered")],
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
