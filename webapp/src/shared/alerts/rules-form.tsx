/* The limits above which a meter alerts. Saved with If-Match: who was overtaken is shown the rules as they are now
   and decides again. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import { isStatus } from "@/api/errors";
import { keys, queries } from "@/api/queries";
import type { AlertRules } from "@/api/types";
import { saveRules } from "@/api/writes";
import { useI18n } from "@/shared/i18n/i18n";
import { Card } from "@/shared/ui/card";
import { QueryView } from "@/shared/ui/query-view";
import { reasonOf, Skeleton } from "@/shared/ui/states";
import { checkRules, draftOf } from "./rules";

export function RulesForm({ meterId }: { meterId: string }) {
  const { t } = useI18n();
  const rules = useQuery(queries.rules(meterId));
  return (
    <Card title={t("rules.title")} className="rules-card">
      <p className="card-lead">{t("rules.lead")}</p>
      <QueryView query={rules} skeleton={<Skeleton height={300} />}>
        {({ data, etag }) => <Fields meterId={meterId} rules={data} etag={etag} />}
      </QueryView>
    </Card>
  );
}

function Fields({ meterId, rules, etag }: { meterId: string; rules: AlertRules; etag: string | null }) {
  const { t, language } = useI18n();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(rules, language));
  const [tried, setTried] = useState(false);
  const [seen, setSeen] = useState(etag);
  // The rules changed on the server (by this form, or by somebody else): show what holds now.
  if (seen !== etag) {
    setSeen(etag);
    setDraft(draftOf(rules, language));
  }
  const checked = checkRules(draft);
  const mutation = useMutation({
    mutationFn: (next: AlertRules) => saveRules(meterId, next, etag),
    onSuccess: (saved) => {
      setTried(false);
      queryClient.setQueryData(keys.rules(meterId), saved);
    },
    onError: (error) => {
      if (isStatus(error, 412)) void queryClient.invalidateQueries({ queryKey: keys.rules(meterId) });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (checked.ok) mutation.mutate(checked.rules);
  };
  const bad = tried && !checked.ok ? checked : { dayKwh: false, percent: false };
  return (
    <form className="rules-form" onSubmit={submit} noValidate>
      <LimitField
        name={t("alert.kind.excess_consumption")}
        on={draft.dayOn}
        onSwitch={(dayOn) => setDraft({ ...draft, dayOn })}
        label={t("rules.day")}
        hint={t("rules.day.hint")}
        unit="kWh"
        value={draft.dayKwh}
        error={bad.dayKwh ? t("rules.day.error") : null}
        onChange={(dayKwh) => setDraft({ ...draft, dayKwh })}
      />
      <LimitField
        name={t("alert.kind.bill_variation")}
        on={draft.variationOn}
        onSwitch={(variationOn) => setDraft({ ...draft, variationOn })}
        label={t("rules.variation")}
        hint={t("rules.variation.hint")}
        unit="%"
        value={draft.percent}
        error={bad.percent ? t("rules.variation.error") : null}
        onChange={(percent) => setDraft({ ...draft, percent })}
      />
      {mutation.isError ? (
        <p className="form-error" role="alert">
          {isStatus(mutation.error, 412) ? t("rules.overtaken") : reasonOf(mutation.error, t)}
        </p>
      ) : null}
      <div className="form-actions">
        <button type="submit" className="button button-primary" disabled={mutation.isPending}>
          {mutation.isPending ? t("action.saving") : t("action.save")}
        </button>
        <p role="status" className="form-done">
          {mutation.isSuccess ? t("rules.saved") : ""}
        </p>
      </div>
    </form>
  );
}

interface LimitFieldProps {
  /** The alert, in words: the label of the switch. */
  name: string;
  on: boolean;
  onSwitch: (on: boolean) => void;
  label: string;
  hint: string;
  unit: string;
  value: string;
  error: string | null;
  onChange: (value: string) => void;
}

function LimitField({ name, on, onSwitch, label, hint, unit, value, error, onChange }: LimitFieldProps) {
  const { t } = useI18n();
  const id = useId();
  return (
    <fieldset className="field rule">
      <legend>
        <label className="switch">
          <input type="checkbox" role="switch" checked={on} onChange={(event) => onSwitch(event.target.checked)} />
          <span>{name}</span>
        </label>
      </legend>
      <label htmlFor={id}>{label}</label>
      <p className="field-hint" id={`${id}-hint`}>
        {hint}
      </p>
      <div className="field-unit">
        <input
          id={id}
          inputMode="decimal"
          autoComplete="off"
          value={value}
          disabled={!on}
          placeholder={t("rules.default")}
          aria-invalid={error !== null}
          aria-describedby={`${id}-hint${error === null ? "" : ` ${id}-error`}`}
          onChange={(event) => onChange(event.target.value)}
        />
        <span aria-hidden="true">{unit}</span>
      </div>
      {error === null ? null : (
        <p className="form-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </fieldset>
  );
}
