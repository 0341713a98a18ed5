/* The last net: a screen that threw is replaced by words and a way on; the shell around it stays. */
import { Component, type ReactNode } from "react";
import { useI18n } from "@/shared/i18n/i18n";
import { Icon } from "@/shared/ui/icon";

interface CrashState {
  failed: boolean;
}

export class Crash extends Component<{ children: ReactNode }, CrashState> {
  override state: CrashState = { failed: false };

  static getDerivedStateFromError(): CrashState {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <Crashed /> : this.props.children;
  }
}

function Crashed() {
  const { t } = useI18n();
  return (
    <div className="state state-error" role="alert">
      <span className="state-icon">
        <Icon name="warning" size={24} />
      </span>
      <h1 className="state-title">{t("crash.title")}</h1>
      <p className="state-reason">{t("crash.reason")}</p>
      <button type="button" className="button" onClick={() => window.location.reload()}>
        <Icon name="refresh" size={18} />
        {t("crash.reload")}
      </button>
    </div>
  );
}
