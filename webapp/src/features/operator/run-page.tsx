/* One bill run: what it comes to beside the bills before, what is held by which gate and may be released with a reason, and issuing what is ready. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link, useParams } from "react-router";
import { useI18n } from "@/shared/i18n/i18n";
import { addDays } from "@/shared/lib/local-date";
import { billPath } from "@/shared/lib/paths";
import { Card } from "@/shared/ui/card";
import { Chip } from "@/shared/ui/chip";
import { Page } from "@/shared/ui/page";
import { QueryView } from "@/shared/ui/query-view";
import { ReasonForm } from "@/shared/ui/reason-form";
import { Segmented } from "@/shared/ui/segmented";
import { Empty, reasonOf, Skeleton } from "@/shared/ui/states";
import { More } from "./more";
import { RunState } from "./run-state";
import { issueRun, ITEM_STATES, releaseBill, runKeys, runQueries, type BillRun, type BillRunItem, type ItemState } from "./runs";
import "./operator.css";

const REASON_BYTES_MAX = 400;
/** What a run's totals are told in; the contract names no digits for them. */
const digitsOf = (currency: string) => new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;

export function RunPage() {
  const { t, format } = useI18n();
  const { runId = "" } = useParams();
  const run = useQuery(runQueries.run(runId));
  return (
    <Page title={run.data === undefined ? t("nav.runs") : t("runs.of", { until: format.localDateLong(run.data.until) })}>
      <QueryView query={run} skeleton={<Skeleton height={520} />}>
        {(data) => <Run run={data} />}
      </QueryView>
    </Page>
  );
}

function Run({ run }: { run: BillRun }) {
  const { t, format } = useI18n();
  const [state, setState] = useState<ItemState>(() => ITEM_STATES.find((one) => run.counts[one] > 0) ?? "ready");
  return (
    <>
      <p className="run-told">
        <RunState run={run} /> {run.cycle_group === null ? "" : `${run.cycle_group} · `}
        {t("runs.by", { by: run.by, at: format.dateTime(run.at, "UTC") })}
        {run.counts.corrections > 0 ? ` · ${t("runs.corrections", { count: run.counts.corrections })}` : ""}
      </p>
      <Totals run={run} />
      <Issue run={run} />
      <div className="usage-tools">
        <Segmented
          legend={t("runs.which")}
          value={state}
          onChange={setState}
          options={ITEM_STATES.map((value) => ({ value, label: `${t(`runs.item.${value}`)} (${format.number(run.counts[value])})` }))}
        />
      </div>
      <Card title={t(`runs.item.${state}`)}>
        <Items key={state} run={run} state={state} />
      </Card>
    </>
  );
}

function Totals({ run }: { run: BillRun }) {
  const { t, format } = useI18n();
  const { currency, total_minor: total, before_minor: before } = run;
  if (currency === null || total === null) return <p className="exceptions-none">{t("runs.no_total")}</p>;
  const money = (minor: number) => format.money(minor, currency, digitsOf(currency));
  return (
    <dl className="tiles">
      <div className="tile">
        <dt className="tile-label">{t("runs.total")}</dt>
        <dd className="tile-value">{money(total)}</dd>
      </div>
      {before === null ? null : (
        <div className="tile">
          <dt className="tile-label">{t("runs.before")}</dt>
          <dd className="tile-value">{money(before)}</dd>
        </div>
      )}
      <div className={run.counts.held > 0 ? "tile is-warn" : "tile"}>
        <dt className="tile-label">{t("runs.item.held")}</dt>
        <dd className="tile-value">{format.number(run.counts.held)}</dd>
      </div>
    </dl>
  );
}

/** Issues what is ready, and shows how far it is. Nothing is asked back: a preview was looked at, and held bills stay held. */
function Issue({ run }: { run: BillRun }) {
  const { t } = useI18n();
  const cache = useQueryClient();
  const end = useRef<HTMLParagraphElement>(null);
  const issue = useMutation({
    mutationFn: () => issueRun(run.run_id, (now) => cache.setQueryData(runKeys.run(run.run_id), now)),
    onSettled: () => cache.invalidateQueries({ queryKey: runKeys.all }),
  });
  useEffect(() => {
    if (issue.isSuccess) end.current?.focus();
  }, [issue.isSuccess]);
  const { ready, issued } = run.counts;
  return (
    <div className="run-issue">
      {issue.isPending ? (
        <>
          <progress max={issued + ready} value={issued} aria-label={t("runs.issuing")} />
          <p role="status">{t("runs.progress", { issued: String(issued), all: String(issued + ready) })}</p>
        </>
      ) : ready > 0 && run.state !== "previewing" ? (
        <button type="button" className="button button-primary" onClick={() => issue.mutate()}>
          {t("runs.issue", { count: ready })}
        </button>
      ) : null}
      {run.state === "previewing" ? <p>{t("runs.preview_broken")}</p> : null}
      {issue.error ? (
        <p className="form-error" role="alert">
          {reasonOf(issue.error, t)} {t("runs.again")}
        </p>
      ) : null}
      {issue.isSuccess ? (
        <p ref={end} className="form-done" role="status" tabIndex={-1}>
          {t("runs.issued", { count: issued })}
        </p>
      ) : null}
    </div>
  );
}

function Items({ run, state }: { run: BillRun; state: ItemState }) {
  const { t } = useI18n();
  const items = useInfiniteQuery(runQueries.items(run.run_id, state));
  return (
    <QueryView query={items} skeleton={<Skeleton height={320} />}>
      {(data) => {
        const all = data.pages.flatMap((page) => page.items);
        if (all.length === 0) return <Empty icon="bill" title={t("runs.empty.title")} reason={t(`runs.empty.${state}`)} />;
        return (
          <>
            <ul className="exceptions">
              {all.map((item) => (
                <Item key={item.bill_id} run={run} item={item} />
              ))}
            </ul>
            <More query={items} />
          </>
        );
      }}
    </QueryView>
  );
}

function Item({ run, item }: { run: BillRun; item: BillRunItem }) {
  const { t, format } = useI18n();
  const cache = useQueryClient();
  const money = (minor: number) => format.money(minor, item.currency, item.minor);
  const span = t("bills.span", { from: format.localDate(item.cycle_from), to: format.localDateLong(addDays(item.cycle_until, -1)) });
  return (
    <li className="exception run-item">
      <div className="exception-head">
        <Link className="text-link" to={billPath(item.bill_id)}>
          {item.account_id ?? item.bill_id}
        </Link>
        <span>{span}</span>
        <strong className="run-amount">{money(item.total_minor)}</strong>
      </div>
      <p>
        {item.before_minor === null ? t("runs.first") : t(item.negates === null ? "runs.before_was" : "runs.corrected_was", { amount: money(item.before_minor) })}
        {item.number === null ? "" : ` · ${t("runs.number", { number: String(item.number) })}`}
        {item.released_by === null ? "" : ` · ${t("runs.released", { by: item.released_by })}`}
      </p>
      {item.gates.length > 0 ? (
        <p className="run-gates">
          {item.gates.map((gate) => (
            <Chip key={gate} tone="warn">
              {t(`runs.gate.${gate}`)}
            </Chip>
          ))}
        </p>
      ) : null}
      {item.state === "held" && !item.gates.includes("no_account") ? (
        <ReasonForm
          opener={t("runs.release")}
          label={t("runs.reason")}
          bytesMax={REASON_BYTES_MAX}
          required
          send={(reason) => releaseBill(run.run_id, item.bill_id, reason)}
          onDone={(now) => cache.setQueryData(runKeys.run(run.run_id), now)}
          done={() => t("runs.release.done")}
        />
      ) : null}
    </li>
  );
}
