/* Decisions above the utility's threshold: another person approves or rejects them, their author may withdraw. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { keys, queries } from "@/api/queries";
import type { Estimate } from "@/api/types";
import { review, type Review } from "@/api/writes";
import { useI18n } from "@/shared/i18n/i18n";
import { meterPath } from "@/shared/lib/paths";
import { useMe } from "@/shared/session/session";
import { QueryView } from "@/shared/ui/query-view";
import { reasonOf, Skeleton } from "@/shared/ui/states";

export function Proposals() {
  const { t } = useI18n();
  const proposals = useQuery(queries.proposals());
  return (
    <QueryView query={proposals} skeleton={<Skeleton height={80} />}>
      {(data) =>
        data.items.length === 0 ? (
          <p className="exceptions-none">{t("exceptions.proposals.none.reason")}</p>
        ) : (
          <ul className="exceptions">
            {data.items.map((proposal) => (
              <Proposal key={proposal.estimate_id} proposal={proposal} />
            ))}
          </ul>
        )
      }
    </QueryView>
  );
}

function Proposal({ proposal }: { proposal: Estimate }) {
  const { t, format } = useI18n();
  const me = useMe();
  const queryClient = useQueryClient();
  const mutation = useMutation({
    mutationFn: (answer: Review) => review(proposal.estimate_id, answer, ""),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.estimates }),
  });
  const answers: readonly Review[] = proposal.by === me.username ? ["withdraw"] : ["approve", "reject"];
  return (
    <li className="exception">
      <div className="exception-head">
        <Link className="text-link" to={meterPath(proposal.meter_id)}>
          {proposal.meter_id}
        </Link>
        <span>
          {t("decide.proposal", {
            by: proposal.by,
            action: t(`decide.action.${proposal.action}`),
            before: format.energy(proposal.before_wh, 3),
            after: format.energy(proposal.after_wh, 3),
          })}
        </span>
      </div>
      <p>{proposal.reason}</p>
      {mutation.isError ? (
        <p className="form-error" role="alert">
          {reasonOf(mutation.error, t)}
        </p>
      ) : null}
      <div className="form-actions">
        {answers.map((answer) => (
          <button key={answer} type="button" className="button button-small" disabled={mutation.isPending} onClick={() => mutation.mutate(answer)}>
            {t(`decide.${answer}`)}
          </button>
        ))}
      </div>
    </li>
  );
}
