import { useI18n } from "@/shared/i18n/i18n";
import { Chip, type Tone } from "@/shared/ui/chip";
import type { BillRun } from "./runs";

const TONES: Record<BillRun["state"], Tone> = { previewing: "warn", preview: "info", issuing: "warn", issued: "good" };

export function RunState({ run }: { run: BillRun }) {
  const { t } = useI18n();
  return <Chip tone={TONES[run.state]}>{t(`runs.state.${run.state}`)}</Chip>;
}
