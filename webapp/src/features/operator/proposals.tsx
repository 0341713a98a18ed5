/* Decisions above the utility's threshold: another person approves or rejects them, their author may withdraw. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { queries } from "@/api/queries";
import type { Estimate } from "@/api/types";
import { review, type Review } from "@/api/writes";
import { useI18n } from "@/shared/i18n/i18n";
import { useIntentKey } from "@/shared/lib/intent-key";
import { storyPath } from "@/shared/lib/paths";
import { useMe } from "@/shared/session/session";
import { QueryView } from "@/shared/ui/query-view";
import { ReasonForm } from "@/shared/ui/reason-form";
import { Skeleton } from "@/shared/ui/states";
import { REASON_BYTES_MAX } from "./decide";
import { useDecided } from "./decided";
import { decisionText } from "./decision-text";

export function Proposals() {
  const { t } = useI18n();
  const proposals = useInfiniteQuery(queries.proposals());
  const [said, setSaid] = useState("");
  const end = useRef<HTMLParagraphElement>(null);
  // What was answered leaves the list: what became of it, and the focus, stay here.
  useEffect(() => {
    if (said !== "") end.current?.focus();
  }, [said]);
  return (
    <>
      <p ref={end} className="form-done" role="status" tabIndex={-1}>
        {said}
      </p>
      <QueryView query={proposals} skeleton={<Skeleton height={80} />}>
      {(data) => {
        const all = data.pages.flatMap((page) => page.items);
        if (all.length === 0) return <p className="exceptions-none">{t("exceptions.proposals.none.reason")}</p>;
        return (
          <>
            <ul className="exceptions">
              {all.map((proposal) => (
                <Proposal
                  key={proposal.estimate_id}
                  proposal={proposal}
                  onAnswered={(answer) => setSaid(t("decide.answered", { meter: proposal.meter_id, answer: t(`decide.${answer}.done`) }))}
                />
              ))}
            </ul>
            {proposals.hasNextPage ? (
              <button type="button" className="button" disabled={proposals.isFetchingNextPage} onClick={() => void proposals.fetchNextPage()}>
                {t("action.more")}
              </button>
            ) : null}
          </>
        );
      }}
      </QueryView>
    </>
  );
}

function Proposal({ proposal, onAnswered }: { proposal: Estimate; onAnswered: (answer: Review) => void }) {
  const { t, format } = useI18n();
  const tz = useQuery(queries.meter(proposal.meter_id)).data?.tz;
  return (
    <li className="exception">
      <div className="exception-head">
        <Link className="text-link" to={storyPath(proposal.meter_id)}>
          {proposal.meter_id}
        </Link>
        {tz === undefined ? null : <time dateTime={proposal.at}>{format.dateTime(proposal.at, tz)}</time>}
      </div>
      {tz === undefined ? null : <p>{decisionText(proposal, tz, t, format)}</p>}
      <p>{t("decide.said", { by: proposal.by, reason: proposal.reason })}</p>
      <Answers proposal={proposal} onAnswered={onAnswered} />
    </li>
  );
}

/** Which answers are possible depends on whose it is. */
export function Answers({ proposal, onAnswered }: { proposal: Estimate; onAnswered?: (answer: Review) => void }) {
  const { t } = useI18n();
  const me = useMe();
  const keyFor = useIntentKey();
  const decided = useDecided(proposal.meter_id);
  const [answer, setAnswer] = useState<Review | null>(null);
  if (proposal.state !== "proposed" && !(proposal.state === "approved" && proposal.by === me.username)) return null;
  const answers: readonly Review[] = proposal.by === me.username ? ["withdraw"] : ["approve", "reject"];
  return (
    <div className="form-actions answers">
      {answers
        .filter((one) => answer === null || answer === one)
        .map((one) => (
          <div key={one}>
            <ReasonForm
              opener={t(`decide.${one}`)}
              label={t("decide.note")}
              bytesMax={REASON_BYTES_MAX}
              send={(note) => review(proposal.estimate_id, one, note, keyFor([one, note]))}
              onDone={() => {
                setAnswer(one);
                onAnswered?.(one);
                decided();
              }}
              done={() => t(`decide.${one}.done`)}
            />
          </div>
        ))}
    </div>
  );
}
