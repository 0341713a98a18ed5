/* The one place that turns the life of a query into what is seen: skeleton, error with retry, offline, or the data,
   dimmed and dated when the last try to refresh it failed. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useI18n } from "@/shared/i18n/i18n";
import { Icon } from "./icon";
import { ErrorState, OfflineState, Waiting } from "./states";

type Seen<T> = Pick<UseQueryResult<T>, "data" | "error" | "isError" | "fetchStatus" | "dataUpdatedAt"> & { refetch: () => unknown };

export interface QueryViewProps<T> {
  query: Seen<T>;
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
}

export function QueryView<T>({ query, skeleton, children }: QueryViewProps<T>) {
  const busy = query.fetchStatus === "fetching";
  const retry = () => void query.refetch();
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} retry={retry} busy={busy} />;
    if (query.fetchStatus === "paused") return <OfflineState />;
    return <Waiting>{skeleton}</Waiting>;
  }
  if (!query.isError) return <>{children(query.data)}</>;
  return (
    <>
      <StaleNote sinceUtcMs={query.dataUpdatedAt} retry={retry} busy={busy} />
      <div className="is-stale">{children(query.data)}</div>
    </>
  );
}

export interface StaleNoteProps {
  sinceUtcMs: number;
  retry: () => void;
  busy: boolean;
}

export function StaleNote({ sinceUtcMs, retry, busy }: StaleNoteProps) {
  const { t, format } = useI18n();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <p className="stale-note" role="status">
      <Icon name="warning" size={18} />
      <span>{t("state.stale", { time: format.dateTime(sinceUtcMs, zone) })}</span>
      <button type="button" className="link-button" onClick={retry} disabled={busy}>
        {t("action.retry")}
      </button>
    </p>
  );
}
