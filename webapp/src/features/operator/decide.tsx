/* Counting a reading that was set aside, or setting one aside, with a reason. The key is made once per form. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import { keys } from "@/api/queries";
import { decide } from "@/api/writes";
import { useI18n } from "@/shared/i18n/i18n";
import { randomKey } from "@/shared/lib/random-key";
import { reasonOf } from "@/shared/ui/states";

export interface DecideProps {
  meterId: string;
  channel: string;
  ts: string;
  valueWh: number;
  counts: boolean;
}

export function Decide({ meterId, channel, ts, valueWh, counts }: DecideProps) {
  const { t, format } = useI18n();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [key] = useState(randomKey);
  const id = useId();
  const action = counts ? "refuse" : "accept";
  const mutation = useMutation({
    mutationFn: () => decide({ meter_id: meterId, channel, action, ts, value_wh: valueWh, reason: reason.trim() }, key),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.estimates });
      await queryClient.invalidateQueries({ queryKey: keys.usageOf(meterId) });
    },
  });

  if (mutation.isSuccess) {
    const made = mutation.data;
    return (
      <p className="form-done" role="status">
        {made.state === "proposed"
          ? t("decide.done.proposed")
          : t("decide.done.approved", { before: format.energy(made.before_wh, 3), after: format.energy(made.after_wh, 3) })}
      </p>
    );
  }
  if (!open) {
    return (
      <button type="button" className="button button-small" onClick={() => setOpen(true)}>
        {t(`decide.${action}`)}
      </button>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutation.mutate();
  };
  return (
    <form className="ack-form" onSubmit={submit}>
      <label htmlFor={id}>{t("decide.reason")}</label>
      <textarea id={id} value={reason} required maxLength={200} rows={2} onChange={(event) => setReason(event.target.value)} />
      {mutation.isError ? (
        <p className="form-error" role="alert">
          {reasonOf(mutation.error, t)}
        </p>
      ) : null}
      <div className="form-actions">
        <button type="submit" className="button button-primary button-small" disabled={mutation.isPending || reason.trim() === ""}>
          {mutation.isPending ? t("action.sending") : t(`decide.${action}`)}
        </button>
        <button type="button" className="button button-small" onClick={() => setOpen(false)}>
          {t("action.cancel")}
        </button>
      </div>
    </form>
  );
}
