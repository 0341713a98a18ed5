/* "I have seen it", with an optional note. The key of the request is made once per form, so that pressing again
   after a lost answer is the same acknowledgement. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import { keys } from "@/api/queries";
import type { Alert } from "@/api/types";
import { acknowledge } from "@/api/writes";
import { useI18n } from "@/shared/i18n/i18n";
import { randomKey } from "@/shared/lib/random-key";
import { Icon } from "@/shared/ui/icon";
import { reasonOf } from "@/shared/ui/states";

/** The contract allows 160 bytes; letters with accents take two. */
const NOTE_BYTES_MAX = 160;

export function Acknowledge({ alert, open: startOpen = false }: { alert: Alert; open?: boolean }) {
  const { t } = useI18n();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(startOpen);
  const [note, setNote] = useState("");
  const [key] = useState(randomKey);
  const id = useId();
  const mutation = useMutation({
    mutationFn: () => acknowledge(alert.alert_id, note.trim(), key),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.alerts }),
  });

  if (alert.state !== "active" || alert.acknowledgement || mutation.isSuccess) {
    return mutation.isSuccess ? (
      <p className="form-done" role="status">
        {t("alert.acknowledged_now")}
      </p>
    ) : null;
  }
  if (!open) {
    return (
      <button type="button" className="button button-small" onClick={() => setOpen(true)}>
        <Icon name="check" size={18} />
        {t("alert.acknowledge")}
      </button>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutation.mutate();
  };
  return (
    <form className="ack-form" onSubmit={submit}>
      <label htmlFor={id}>{t("alert.note")}</label>
      <textarea id={id} value={note} maxLength={NOTE_BYTES_MAX} rows={2} onChange={(event) => setNote(fit(event.target.value))} />
      {mutation.isError ? (
        <p className="form-error" role="alert">
          {reasonOf(mutation.error, t)}
        </p>
      ) : null}
      <div className="form-actions">
        <button type="submit" className="button button-primary button-small" disabled={mutation.isPending}>
          {mutation.isPending ? t("action.sending") : t("alert.acknowledge")}
        </button>
        {startOpen ? null : (
          <button type="button" className="button button-small" onClick={() => setOpen(false)}>
            {t("action.cancel")}
          </button>
        )}
      </div>
    </form>
  );
}

/** The longest beginning of `text` that fits, never half a character. */
function fit(text: string): string {
  const encoder = new TextEncoder();
  let kept = text;
  while (encoder.encode(kept).length > NOTE_BYTES_MAX) kept = Array.from(kept).slice(0, -1).join("");
  return kept;
}
