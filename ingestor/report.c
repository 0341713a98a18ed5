#include "ingestor/report.h"
#include "daemon/metrics.h"
#include "energy/verdict.h"
#include "wire/json_out.h"

static struct metric_value messages, readings, accepted, repeated, refused[64], commits_a, commits_b, retries, marks, marks_live, lag_ms, link_up,
    journal_waiting, journal_bad, journal_torn, journal_missing, journal_refusing, sender_lost, too_large, wal_bytes, failing;

static const char *refusal_name(size_t index)
{
    return (int)index < verdict_count && verdict_refused(verdict_table[index].verdict) ? verdict_table[index].name : NULL;
}

static const struct metric metrics[] = {
    METRIC_COUNTER("qw_ingestor_messages_total", "Messages stored or refused", &messages),
    METRIC_COUNTER("qw_ingestor_readings_received_total", "Readings received: accepted + repeated + refused", &readings),
    METRIC_COUNTER("qw_ingestor_readings_accepted_total", "Readings that became facts", &accepted),
    METRIC_COUNTER("qw_ingestor_readings_repeated_total", "Readings whose facts existed already", &repeated),
    METRIC_COUNTERS("qw_ingestor_readings_refused_total", "Readings refused at the door", "verdict", refusal_name, refused, 64),
    METRIC_COUNTER("qw_ingestor_commits_a_total", "Transactions of facts", &commits_a),
    METRIC_COUNTER("qw_ingestor_commits_b_total", "Transactions of what is derived", &commits_b),
    METRIC_COUNTER("qw_ingestor_retries_total", "Transactions that the store refused", &retries),
    METRIC_COUNTER("qw_ingestor_marks_total", "Marks worked on", &marks),
    METRIC_COUNTER("qw_ingestor_marks_live_total", "Marks worked on the fast path of readings in order", &marks_live),
    METRIC_GAUGE("qw_ingestor_lag_milliseconds", "Time from receipt to commit of the last message", &lag_ms),
    METRIC_GAUGE("qw_ingestor_link_up", "1 while connected to the broker", &link_up),
    METRIC_GAUGE("qw_ingestor_journal_waiting_bytes", "In the journal and not in the ledger", &journal_waiting),
    METRIC_COUNTER("qw_ingestor_journal_bad_records_total", "Damaged records skipped", &journal_bad),
    METRIC_COUNTER("qw_ingestor_journal_torn_bytes_total", "Bytes cut off at torn ends", &journal_torn),
    METRIC_COUNTER("qw_ingestor_journal_gaps_total", "Where files between others of the journal were gone", &journal_missing),
    METRIC_GAUGE("qw_ingestor_journal_refusing", "1 while the journal takes nothing", &journal_refusing),
    METRIC_COUNTER("qw_ingestor_unsent_total", "Receipts and rejects that found no room or no link", &sender_lost),
    METRIC_COUNTER("qw_ingestor_too_large_total", "Messages larger than the journal takes", &too_large),
    METRIC_GAUGE("qw_ingestor_wal_bytes", "Size of the ledger's write-ahead log", &wal_bytes),
    METRIC_GAUGE("qw_ingestor_store_failing", "1 while the store refuses", &failing),
};

void report_metrics(void *arg, struct buf *out)
{
    const struct report *report = arg;
    struct pipeline_stats stats;
    struct journal_state journal;
    struct drain_state drain;
    pipeline_stats(report->pipeline, &stats);
    journal_look(report->journal, &journal);
    drain_look(report->drain, &drain);
    metric_set(&messages, stats.messages);
    metric_set(&readings, stats.readings);
    metric_set(&accepted, stats.accepted);
    metric_set(&repeated, stats.repeated);
    for (int i = 0; i < verdict_count; i++)
        metric_set(&refused[i], stats.refused_by[i]);
    metric_set(&commits_a, stats.commits_a);
    metric_set(&commits_b, stats.commits_b);
    metric_set(&retries, stats.retries);
    metric_set(&marks, stats.derive_marks);
    metric_set(&marks_live, stats.derive_live);
    metric_set(&lag_ms, stats.lag_ms);
    metric_set(&link_up, link_is_up(report->link));
    metric_set(&journal_waiting, journal.waiting_bytes);
    metric_set(&journal_bad, journal.bad_records);
    metric_set(&journal_torn, journal.torn_bytes);
    metric_set(&journal_missing, journal.gaps);
    metric_set(&journal_refusing, journal.refusing);
    metric_set(&sender_lost, sender_dropped(report->sender));
    metric_set(&too_large, atomic_load(&report->receive->too_large));
    metric_set(&wal_bytes, drain.wal_bytes);
    metric_set(&failing, drain.failing);
    metrics_render(metrics, sizeof metrics / sizeof metrics[0], out);
}

bool report_health(void *arg, struct buf *out)
{
    const struct report *report = arg;
    struct journal_state journal;
    struct drain_state drain;
    journal_look(report->journal, &journal);
    drain_look(report->drain, &drain);
    bool up = link_is_up(report->link);
    bool well = up && !drain.failing && !drain.fatal && !journal.refusing;
    out_object(out, NULL);
    out_text(out, "status", well ? "ok" : "degraded");
    out_bool(out, "link_up", up);
    out_bool(out, "store_failing", drain.failing);
    out_int(out, "store_failing_ms", drain.failing_ms);
    out_bool(out, "journal_refusing", journal.refusing);
    out_int(out, "journal_waiting_bytes", journal.waiting_bytes);
    out_end_object(out);
    return well;
}
