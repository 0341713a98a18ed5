/* What a screen shows when it has nothing to show: waiting, empty and why, failed and how to go on, offline, and
   old data said to be old. */
import type { ReactNode } from "react";
import { ApiError, UnreachableError } from "@/api/errors";
import type { Translate } from "@/shared/i18n/catalogue";
import { useI18n } from "@/shared/i18n/i18n";
import { Icon, type IconName } from "./icon";

/** A grey place of the final height; `label` is for screen readers. */
export function Skeleton({ height, className = "" }: { height: number | string; className?: string }) {
  return <div className={`skeleton ${className}`} style={{ blockSize: height }} aria-hidden="true" />;
}

export function Waiting({ children }: { children: ReactNode }) {
  const { t } = useI18n();
  return (
    <div role="status" aria-busy="true">
      <span className="visually-hidden">{t("state.loading")}</span>
      {children}
    </div>
  );
}

export interface EmptyProps {
  title: string;
  reason: string;
  icon?: IconName;
  action?: ReactNode;
}

export function Empty({ title, reason, icon = "info", action }: EmptyProps) {
  return (
    <div className="state">
      <span className="state-icon">
        <Icon name={icon} size={24} />
      </span>
      <p className="state-title">{title}</p>
      <p className="state-reason">{reason}</p>
      {action}
    </div>
  );
}

/** Why a request failed, in plain words. */
export function reasonOf(error: unknown, t: Translate): string {
  if (error instanceof UnreachableError) return t("error.unreachable");
  if (!(error instanceof ApiError)) return t("error.unexpected");
  if (error.status === 403) return t("error.forbidden");
  if (error.status === 404) return t("error.not_found");
  if (error.status === 429) return t("error.too_often");
  if (error.status >= 500) return t("error.server");
  return error.message;
}

export function ErrorState({ error, retry, busy = false }: { error: unknown; retry?: () => void; busy?: boolean }) {
  const { t } = useI18n();
  const requestId = error instanceof ApiError ? error.problem?.request_id : undefined;
  return (
    <div className="state state-error" role="alert">
      <span className="state-icon">
        <Icon name="warning" size={24} />
      </span>
      <p className="state-title">{t("error.title")}</p>
      <p className="state-reason">{reasonOf(error, t)}</p>
      {requestId ? <p className="state-note">{t("error.request_id", { id: requestId })}</p> : null}
      {retry ? (
        <button type="button" className="button" onClick={retry} disabled={busy}>
          <Icon name="refresh" size={18} />
          {t("action.retry")}
        </button>
      ) : null}
    </div>
  );
}

export function OfflineState() {
  const { t } = useI18n();
  return <Empty icon="offline" title={t("offline.title")} reason={t("offline.reason")} />;
}
