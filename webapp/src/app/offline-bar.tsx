import { onlineManager } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { useI18n } from "@/shared/i18n/i18n";
import { Icon } from "@/shared/ui/icon";

const subscribe = (listener: () => void) => onlineManager.subscribe(listener);
const isOnline = () => onlineManager.isOnline();

/** Says so while the device has no network; what is on screen stays, as of then. */
export function OfflineBar() {
  const { t } = useI18n();
  const online = useSyncExternalStore(subscribe, isOnline);
  return (
    <div role="status" className={online ? "offline-bar is-hidden" : "offline-bar"}>
      {online ? null : (
        <>
          <Icon name="offline" size={18} />
          {t("offline.bar")}
        </>
      )}
    </div>
  );
}
