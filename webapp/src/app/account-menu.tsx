/* Who is here, language, theme, log out. A native popover: Escape and a click beside it close it. */
import { useId } from "react";
import { useNavigate } from "react-router";
import { useI18n } from "@/shared/i18n/i18n";
import { useLogOut, useMe } from "@/shared/session/session";
import { Icon } from "@/shared/ui/icon";
import { reasonOf } from "@/shared/ui/states";
import { Preferences } from "./preferences";

export function AccountMenu() {
  const { t } = useI18n();
  const me = useMe();
  const navigate = useNavigate();
  const logOut = useLogOut(() => void navigate("/", { replace: true }));
  const id = useId();
  return (
    <div className="account">
      <button type="button" className="icon-button" popoverTarget={id} aria-label={t("account.menu")}>
        <Icon name="user" size={22} />
      </button>
      <div id={id} popover="auto" className="account-panel" role="group" aria-label={t("account.menu")}>
        <p className="account-who">
          <strong>{me.customer?.name ?? me.username}</strong>
          <span>{t(`role.${me.role}`)}</span>
        </p>
        <Preferences showLegends />
        {logOut.isError ? (
          <p className="form-error" role="alert">
            {reasonOf(logOut.error, t)}
          </p>
        ) : null}
        <button type="button" className="button button-wide" onClick={() => logOut.mutate()} disabled={logOut.isPending}>
          {t("account.logout")}
        </button>
      </div>
    </div>
  );
}
