/* What a decision would change, before it is taken: the server's own reckoning. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { isStatus } from "@/api/errors";
import { queries } from "@/api/queries";
import type { EstimatePreview, NewEstimate } from "@/api/types";
import { useI18n } from "@/shared/i18n/i18n";
import { reasonOf } from "@/shared/ui/states";

export function Preview({ decision }: { decision: Omit<NewEstimate, "reason"> }) {
  const { t } = useI18n();
  const preview = useQuery({ ...queries.preview(decision), placeholderData: keepPreviousData });
  return (
    <p className={preview.isPlaceholderData ? "decide-preview is-stale" : "decide-preview"} role="status">
      {needsEnergy(preview.error) ? t("correct.needs_energy") : preview.isError ? <span className="form-error">{reasonOf(preview.error, t)}</span> : preview.data ? <Change change={preview.data} /> : t("decide.preview.busy")}
    </p>
  );
}

/** The estimate finds nothing to go by: an answer to the question, not a failure. */
function needsEnergy(error: Error | null): boolean {
  return isStatus(error, 400) && error.problem?.errors?.[0]?.pointer === "/energy_wh";
}

export function Change({ change }: { change: EstimatePreview }) {
  const { t, format } = useI18n();
  const difference = change.after_wh - change.before_wh;
  return (
    <>
      {difference === 0
        ? t("decide.preview.same", { energy: format.energy(change.after_wh, 3) })
        : t(difference > 0 ? "decide.preview.more" : "decide.preview.less", {
            before: format.energy(change.before_wh, 3),
            after: format.energy(change.after_wh, 3),
            difference: format.energy(Math.abs(difference), 3),
          })}{" "}
      {change.needs_second ? <strong>{t("decide.preview.second")}</strong> : null}
    </>
  );
}
