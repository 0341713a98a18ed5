/* Logging in. After a session that ended by itself it says so, and one goes on where one was. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState, type FormEvent } from "react";
import { setCsrfToken } from "@/api/client";
import { ApiError, isStatus } from "@/api/errors";
import { keys } from "@/api/queries";
import { logIn } from "@/api/writes";
import type { Translate } from "@/shared/i18n/catalogue";
import { useI18n } from "@/shared/i18n/i18n";
import { Logo } from "@/shared/ui/logo";
import { reasonOf } from "@/shared/ui/states";
import { MeterDisc } from "./meter-disc";

function loginReason(error: unknown, t: Translate): string {
  if (isStatus(error, 401)) return t("login.wrong");
  if (isStatus(error, 429)) {
    const seconds = error instanceof ApiError ? error.retryAfterS : null;
    return seconds === null ? t("error.too_often") : t("login.wait", { count: seconds });
  }
  return reasonOf(error, t);
}

export function LoginPage({ expired }: { expired: boolean }) {
  const { t } = useI18n();
  const queryClient = useQueryClient();
  const id = useId();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const mutation = useMutation({
    mutationFn: () => logIn(username.trim(), password),
    onSuccess: (me) => {
      setCsrfToken(me.csrf_token);
      queryClient.setQueryData(keys.expired, false);
      queryClient.setQueryData(keys.me, me);
    },
    onError: () => {
      setPassword("");
      setTried(false);
    },
  });

  useEffect(() => {
    document.title = `${t("login.title")} · Quilowatt`;
  }, [t]);
  useEffect(() => {
    if (expired) heading.current?.focus();
  }, [expired]);

  const empty = username.trim() === "" || password === "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!empty) mutation.mutate();
  };
  return (
    <div className="login">
      <div className="login-art" aria-hidden="true">
        <MeterDisc />
      </div>
      <main className="login-main" id="main">
        <div className="login-brand">
          <Logo size={44} />
          <p>Quilowatt</p>
        </div>
        <h1 ref={heading} tabIndex={-1}>
          {t("login.heading")}
        </h1>
        <p className="login-lead">{t("login.lead")}</p>
        {expired ? (
          <p className="notice" role="status">
            {t("login.expired")}
          </p>
        ) : null}
        <form className="login-form" onSubmit={submit} noValidate>
          <div className="field">
            <label htmlFor={`${id}-user`}>{t("login.user")}</label>
            <input
              id={`${id}-user`}
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              maxLength={64}
              value={username}
              aria-invalid={tried && username.trim() === ""}
              onChange={(event) => setUsername(event.target.value)}
            />
          </div>
          <div className="field">
            <label htmlFor={`${id}-password`}>{t("login.password")}</label>
            <input
              id={`${id}-password`}
              name="password"
              type="password"
              autoComplete="current-password"
              required
              maxLength={1024}
              value={password}
              aria-invalid={tried && password === ""}
              onChange={(event) => setPassword(event.target.value)}
            />
          </div>
          <div role="alert">
            {mutation.isError ? <p className="form-error">{loginReason(mutation.error, t)}</p> : null}
            {tried && empty && !mutation.isError ? <p className="form-error">{t("login.empty")}</p> : null}
          </div>
          <button type="submit" className="button button-primary button-wide" disabled={mutation.isPending}>
            {mutation.isPending ? t("login.busy") : t("login.submit")}
          </button>
        </form>
      </main>
    </div>
  );
}
