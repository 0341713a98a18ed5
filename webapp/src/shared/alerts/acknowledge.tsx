/* "I have seen it", with an optional note. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { keys } from "@/api/queries";
import type { Alert } from "@/api/types";
import { acknowledge } from "@/api/writes";
import { useI18n } from "@/shared/i18n/i18n";
import { useIntentKey } from "@/shared/lib/intent-key";
import { ReasonForm } from "@/shared/ui/reason-form";

/** The contract's limit. */
const NOTE_BYTES_MAX = 160;

export function Acknowledge({ alert, open = false }: { alert: Alert; open?: boolean }) {
  const { t } = useI18n();
  const queryClient = useQueryClient();
  const keyFor = useIntentKey();
  const [done, setDone] = useState(false);
  if (!done && (alert.state !== "active" || alert.acknowledgement)) return null;
  return (
    <ReasonForm
      opener={t("alert.acknowledge")}
      icon="check"
      label={t("alert.note")}
      bytesMax={NOTE_BYTES_MAX}
      always={open}
      send={(note) => acknowledge(alert.alert_id, note, keyFor(note))}
      onDone={() => {
        setDone(true);
        void queryClient.invalidateQueries({ queryKey: keys.alerts });
      }}
      done={() => t("alert.acknowledged_now")}
    />
  );
}
