/* Counting a reading that was set aside, or setting one aside, with a reason. */
import type { Estimate, NewEstimate } from "@/api/types";
import { decide } from "@/api/writes";
import { useI18n } from "@/shared/i18n/i18n";
import { useIntentKey } from "@/shared/lib/intent-key";
import { ReasonForm } from "@/shared/ui/reason-form";
import { useDecided } from "./decided";
import { Preview } from "./preview";

/** The contract's limit on a reason and on a reviewer's note. */
export const REASON_BYTES_MAX = 400;

export interface DecideProps {
  meterId: string;
  channel: string;
  ts: string;
  valueWh: number;
  counts: boolean;
}

export function Decide({ meterId, channel, ts, valueWh, counts }: DecideProps) {
  const { t } = useI18n();
  const keyFor = useIntentKey();
  const decided = useDecided(meterId);
  const action = counts ? "refuse" : "accept";
  const question: Omit<NewEstimate, "reason"> = { meter_id: meterId, channel, action, ts, value_wh: valueWh };
  return (
    <ReasonForm
      opener={t(`decide.${action}`)}
      label={t("decide.reason")}
      required
      bytesMax={REASON_BYTES_MAX}
      send={(reason) => decide({ ...question, reason }, keyFor({ ...question, reason }))}
      onDone={decided}
      done={(made) => <Made made={made} />}
    >
      <Preview decision={question} />
    </ReasonForm>
  );
}

export function Made({ made }: { made: Estimate }) {
  const { t, format } = useI18n();
  return made.state === "proposed"
    ? t("decide.done.proposed")
    : t("decide.done.approved", { before: format.energy(made.before_wh, 3), after: format.energy(made.after_wh, 3) });
}
