/* Which of the two audiences is here, or nobody yet. The CSRF token is set while rendering, before any child can
   write. A session that ends while the app is open leads to the login without losing the address. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { setCsrfToken } from "@/api/client";
import { keys, queries } from "@/api/queries";
import { LoginPage } from "@/features/session/login-page";
import { useI18n } from "@/shared/i18n/i18n";
import { LiveProvider } from "@/shared/live/live";
import { SessionProvider } from "@/shared/session/session";
import { ErrorState, OfflineState } from "@/shared/ui/states";
import { Crash } from "./crash";
import { AppRoutes } from "./routes";
import { PublicFrame, Shell } from "./shell";

export function App() {
  const { t } = useI18n();
  const queryClient = useQueryClient();
  const me = useQuery(queries.me());
  const user = me.data ?? null;
  setCsrfToken(user?.csrf_token ?? null);

  useEffect(() => {
    // Nothing of the last person's may be seen by the next.
    const kept: readonly unknown[] = [keys.me[0], keys.expired[0]];
    if (user === null) queryClient.removeQueries({ predicate: (query) => !kept.includes(query.queryKey[0]) });
  }, [user, queryClient]);

  if (me.data === undefined) {
    if (me.isError) return <PublicFrame><ErrorState error={me.error} retry={() => void me.refetch()} busy={me.isFetching} /></PublicFrame>;
    if (me.fetchStatus === "paused") return <PublicFrame><OfflineState /></PublicFrame>;
    return (
      <div className="splash" role="status">
        <span className="visually-hidden">{t("state.loading")}</span>
      </div>
    );
  }
  if (user === null) {
    return (
      <PublicFrame bare>
        <LoginPage expired={queryClient.getQueryData(keys.expired) === true} />
      </PublicFrame>
    );
  }
  return (
    <SessionProvider me={user}>
      <LiveProvider>
        <Shell>
          <Crash>
            <AppRoutes me={user} />
          </Crash>
        </Shell>
      </LiveProvider>
    </SessionProvider>
  );
}
