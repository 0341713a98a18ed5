/* What stays around every screen: the way past it (skip link), the mark, where one can go, which meter it is about,
   and the account. On a phone the places to go stand at the bottom, under the thumb. */
import type { ReactNode } from "react";
import { Link, NavLink } from "react-router";
import { useI18n } from "@/shared/i18n/i18n";
import { useSelectedMeter } from "@/shared/meters/selected";
import { meterName } from "@/shared/meters/meter-name";
import { isOperator, useMe } from "@/shared/session/session";
import { Icon, type IconName } from "@/shared/ui/icon";
import { Logo } from "@/shared/ui/logo";
import { AccountMenu } from "./account-menu";
import { OfflineBar } from "./offline-bar";
import { Preferences } from "./preferences";

interface Place {
  to: string;
  icon: IconName;
  label: string;
}

export function Shell({ children }: { children: ReactNode }) {
  const { t } = useI18n();
  const me = useMe();
  const { search } = useSelectedMeter();
  const operator = isOperator(me);
  const places: Place[] = operator
    ? [
        { to: "/fleet", icon: "grid", label: t("nav.fleet") },
        { to: "/exceptions", icon: "warning", label: t("nav.exceptions") },
        { to: "/runs", icon: "bill", label: t("nav.runs") },
        { to: "/alerts", icon: "bell", label: t("nav.alerts") },
      ]
    : [
        { to: "/", icon: "home", label: t("nav.home") },
        { to: "/usage", icon: "chart", label: t("nav.usage") },
        { to: "/bills", icon: "bill", label: t("nav.bills") },
        { to: "/alerts", icon: "bell", label: t("nav.alerts") },
      ];
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        {t("nav.skip")}
      </a>
      <header className="topbar">
        <div className="topbar-inner">
          <Link className="brand" to={{ pathname: "/", search: operator ? "" : search }} aria-label={`Quilowatt, ${t("nav.home")}`}>
            <Logo />
            <span className="brand-name">Quilowatt</span>
          </Link>
          <nav className="places" aria-label={t("nav.main")}>
            <ul>
              {places.map((place) => (
                <li key={place.to}>
                  <NavLink to={{ pathname: place.to, search: operator ? "" : search }} end={place.to === "/"} className="place">
                    <Icon name={place.icon} size={22} />
                    <span>{place.label}</span>
                  </NavLink>
                </li>
              ))}
            </ul>
          </nav>
          {operator ? null : <MeterSwitch />}
          <AccountMenu />
        </div>
      </header>
      <OfflineBar />
      <main id="main" className="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function MeterSwitch() {
  const { t } = useI18n();
  const me = useMe();
  const { meter, select } = useSelectedMeter();
  if (meter === null) return null;
  if (me.meters.length < 2) return <p className="meter-name">{meterName(meter)}</p>;
  return (
    <label className="meter-switch">
      <span className="visually-hidden">{t("nav.meter")}</span>
      <select value={meter.meter_id} onChange={(event) => select(event.target.value)}>
        {me.meters.map((mine) => (
          <option key={mine.meter_id} value={mine.meter_id}>
            {meterName(mine)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Around what is seen before anybody is logged in. */
export function PublicFrame({ children, bare = false }: { children: ReactNode; bare?: boolean }) {
  return (
    <div className={bare ? "public is-bare" : "public"}>
      <header className="public-preferences">
        <Preferences />
      </header>
      {bare ? children : <main id="main">{children}</main>}
    </div>
  );
}
