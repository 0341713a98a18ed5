/* Bill runs, newest first, and the beginning of the next one: a preview that issues nothing. */
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { Link, useNavigate } from "react-router";
import { useI18n } from "@/shared/i18n/i18n";
import { useIntentKey } from "@/shared/lib/intent-key";
import { runPath } from "@/shared/lib/paths";
import { Card } from "@/shared/ui/card";
import { Icon } from "@/shared/ui/icon";
import { Page } from "@/shared/ui/page";
import { QueryView } from "@/shared/ui/query-view";
import { Empty, reasonOf, Skeleton } from "@/shared/ui/states";
import { More } from "./more";
import { RunState } from "./run-state";
import { previewRun, runKeys, runQueries, type BillRun } from "./runs";
import "./operator.css";

export function RunsPage() {
  const { t } = useI18n();
  const runs = useInfiniteQuery(runQueries.runs());
  return (
    <Page title={t("nav.runs")} lead={t("runs.lead")}>
      <NewRun />
      <Card title={t("runs.list")}>
        <QueryView query={runs} skeleton={<Skeleton height={260} />}>
          {(data) => {
            const all = data.pages.flatMap((page) => page.items);
            if (all.length === 0) return <Empty icon="bill" title={t("runs.none.title")} reason={t("runs.none.reason")} />;
            return (
              <>
                <ul className="bill-list">
                  {all.map((run) => (
                    <RunRow key={run.run_id} run={run} />
                  ))}
                </ul>
                <More query={runs} />
              </>
            );
          }}
        </QueryView>
      </Card>
    </Page>
  );
}

function NewRun() {
  const { t } = useI18n();
  const [until, setUntil] = useState("");
  const keyFor = useIntentKey();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const preview = useMutation({
    mutationFn: () => previewRun(until, keyFor(["run", until])),
    onSuccess: (run) => {
      void cache.invalidateQueries({ queryKey: runKeys.all });
      void navigate(runPath(run.run_id));
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    preview.mutate();
  };
  return (
    <form className="filters run-form" onSubmit={send}>
      <label className="date-field">
        <span>{t("runs.until")}</span>
        <input type="date" value={until} onChange={(event) => setUntil(event.target.value)} />
      </label>
      <button type="submit" className="button button-primary" disabled={preview.isPending}>
        {preview.isPending ? t("runs.previewing") : t("runs.preview")}
      </button>
      {preview.error ? (
        <p className="form-error" role="alert">
          {reasonOf(preview.error, t)}
        </p>
      ) : null}
    </form>
  );
}

function RunRow({ run }: { run: BillRun }) {
  const { t, format } = useI18n();
  const bills = run.counts.ready + run.counts.held + run.counts.issued + run.counts.stale;
  return (
    <li>
      <Link className="bill-row" to={runPath(run.run_id)}>
        <span className="bill-row-main">
          <strong>
            {t("runs.of", { until: format.localDateLong(run.until) })}
            {run.cycle_group === null ? "" : ` · ${run.cycle_group}`}
          </strong>
          <span className="bill-row-note">
            {t("runs.by", { by: run.by, at: format.dateTime(run.at, "UTC") })} · {t("runs.bills", { count: bills })}
            {run.counts.held > 0 ? ` · ${t("runs.held", { count: run.counts.held })}` : ""}
          </span>
        </span>
        <RunState run={run} />
        <Icon name="right" size={18} />
      </Link>
    </li>
  );
}
