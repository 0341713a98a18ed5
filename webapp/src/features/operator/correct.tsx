/* Giving a span its energy: estimated as the days before it were, or up to a known total; or edited to what somebody read. Times are the meter's own. */
import { useState } from "react";
import type { NewEstimate } from "@/api/types";
import { decide } from "@/api/writes";
import { parseKwh } from "@/shared/alerts/rules";
import { useI18n } from "@/shared/i18n/i18n";
import { useIntentKey } from "@/shared/lib/intent-key";
import { instantOfWall, wallIn } from "@/shared/lib/local-date";
import { ReasonForm } from "@/shared/ui/reason-form";
import { Segmented } from "@/shared/ui/segmented";
import { Made, REASON_BYTES_MAX } from "./decide";
import { useDecided } from "./decided";
import { useRested } from "./fleet-filter";
import { Preview } from "./preview";

export interface CorrectProps {
  meterId: string;
  tz: string;
  /** What is proposed: from this instant to that one. */
  from: string | number;
  to: string | number;
  opener: string;
}

type Draft = { action: "estimate" | "edit"; from: string; to: string; kwh: string };

export function Correct({ meterId, tz, from, to, opener }: CorrectProps) {
  const { t } = useI18n();
  const keyFor = useIntentKey();
  const decided = useDecided(meterId);
  const [draft, setDraft] = useState<Draft>({ action: "estimate", from: wallIn(tz, from), to: wallIn(tz, to), kwh: "" });
  const question = questionOf(draft, meterId, tz);
  return (
    <ReasonForm
      opener={opener}
      submit={t(`correct.${draft.action}.do`)}
      label={t("decide.reason")}
      required
      ready={question !== null}
      bytesMax={REASON_BYTES_MAX}
      send={(reason) => {
        if (question === null) throw new Error("nothing to send");
        return decide({ ...question, reason }, keyFor({ ...question, reason }));
      }}
      onDone={decided}
      done={(made) => <Made made={made} />}
    >
      <Fields draft={draft} setDraft={setDraft} tz={tz} question={question} />
    </ReasonForm>
  );
}

/** Null while the fields do not make sense together. */
export function questionOf(draft: Draft, meterId: string, tz: string): Omit<NewEstimate, "reason"> | null {
  const from = instantOfWall(tz, draft.from);
  const to = instantOfWall(tz, draft.to);
  const wh = draft.kwh.trim() === "" ? undefined : parseKwh(draft.kwh);
  if (!(from < to) || wh === null || (draft.action === "edit" && wh === undefined)) return null;
  return {
    meter_id: meterId,
    action: draft.action,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    ...(wh === undefined ? {} : { energy_wh: wh }),
  };
}

interface FieldsProps {
  draft: Draft;
  setDraft: (draft: Draft) => void;
  tz: string;
  question: Omit<NewEstimate, "reason"> | null;
}

function Fields({ draft, setDraft, tz, question }: FieldsProps) {
  const { t } = useI18n();
  const rested = useRested(JSON.stringify(question));
  const asked = JSON.parse(rested) as Omit<NewEstimate, "reason"> | null;
  return (
    <>
      <Segmented
        legend={t("correct.how")}
        value={draft.action}
        onChange={(action) => setDraft({ ...draft, action })}
        options={(["estimate", "edit"] as const).map((value) => ({ value, label: t(`correct.${value}`) }))}
      />
      <p className="field-hint">{t(`correct.${draft.action}.hint`)}</p>
      <div className="correct-span">
        <label className="field">
          <span>{t("correct.from")}</span>
          <input type="datetime-local" step={900} required value={draft.from} onChange={(event) => setDraft({ ...draft, from: event.target.value.slice(0, 16) })} />
        </label>
        <label className="field">
          <span>{t("correct.to")}</span>
          <input type="datetime-local" step={900} required value={draft.to} onChange={(event) => setDraft({ ...draft, to: event.target.value.slice(0, 16) })} />
        </label>
        <label className="field">
          <span>{t(draft.action === "edit" ? "correct.energy" : "correct.energy.optional")}</span>
          <input
            inputMode="decimal"
            value={draft.kwh}
            required={draft.action === "edit"}
            aria-invalid={draft.kwh.trim() !== "" && parseKwh(draft.kwh) === null}
            onChange={(event) => setDraft({ ...draft, kwh: event.target.value })}
          />
        </label>
      </div>
      <p className="field-hint">{t("correct.zone", { tz })}</p>
      {asked === null ? (
        <p className="decide-preview">{t("correct.unfinished")}</p>
      ) : (
        <Preview decision={asked} />
      )}
    </>
  );
}
