/* One alert in plain words, with what somebody did about it. */
import type { ReactNode } from "react";
import type { Alert } from "@/api/types";
import { useI18n } from "@/shared/i18n/i18n";
import { Chip } from "@/shared/ui/chip";
import { Icon } from "@/shared/ui/icon";
import { alertValue, subjectName, toneOf } from "./alert-text";

export interface AlertCardProps {
  alert: Alert;
  tz: string;
  nowUtcMs: number;
  /** Whom it is about; needless where the screen is about one meter. */
  withSubject?: boolean;
  /** Its head and message alone: the rest stands on the alerts' own screen. */
  compact?: boolean;
  children?: ReactNode;
}

export function AlertCard({ alert, tz, nowUtcMs, withSubject = false, compact = false, children }: AlertCardProps) {
  const { t, format, language } = useI18n();
  const acknowledgement = alert.acknowledgement;
  return (
    <article
      className={`alert alert-${alert.state === "resolved" ? "resolved" : alert.severity}${compact ? " is-compact" : ""}`}
      data-alert-id={alert.alert_id}
    >
      <span className="alert-icon">
        <Icon name={alert.state === "resolved" ? "check" : "warning"} size={22} />
      </span>
      <div className="alert-body">
        <p className="alert-head">
          <strong>{t(`alert.kind.${alert.kind}`)}</strong>
          <Chip tone={alert.state === "resolved" ? "good" : toneOf(alert.severity)}>
            {alert.state === "active" ? t(`alert.severity.${alert.severity}`) : t(`alert.state.${alert.state}`)}
          </Chip>
        </p>
        <p className="alert-message">{alert.message[language]}</p>
        {compact ? null : (
          <p className="alert-meta">
            {withSubject ? <span>{subjectName(alert, t)}</span> : null}
            <span>{t("alert.since", { time: format.dateTime(alert.since, tz), ago: format.ago(nowUtcMs - Date.parse(alert.since)) })}</span>
            <span>
              {t("alert.value", { value: alertValue(alert.value, alert.unit, format), threshold: alertValue(alert.threshold, alert.unit, format) })}
            </span>
          </p>
        )}
        {acknowledgement ? (
          <p className="alert-ack">
            <Icon name="check" size={16} />
            <span>
              {t("alert.acknowledged_by", { by: acknowledgement.by, time: format.dateTime(acknowledgement.at, tz) })}
              {acknowledgement.note ? <q>{acknowledgement.note}</q> : null}
            </span>
          </p>
        ) : null}
        {children}
      </div>
    </article>
  );
}
