/*
 * qw-ingestor: readings from the broker → ledger, bills, alerts. pipeline.h tells the path; this file only puts the parts together and takes them
 * apart again, in phases.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "daemon/files.h"
#include "daemon/log.h"
#include "daemon/stop.h"
#include "ingestor/drain.h"
#include "ingestor/rebuild.h"
#include "ingestor/receive.h"
#include "ingestor/report.h"
#include "ingestor/sender.h"
#include "ingestor/settings.h"

#define LOOK_MS 200
#define CLOSE_MS 2000

struct ingestor {
    struct ingestor_settings s;
    char password[SECRET_SIZE];
    struct zones *zones;
    struct records *records;
    int ledger_lock; /* held to the end of the process */
    struct facts *facts, *checkpointer;
    struct journal *journal;
    struct link *link;
    struct sender *sender;
    struct pipeline *pipeline;
    struct drain *drain;
    struct receive receive;
    struct report report;
    struct metrics_http *http;
};

/* ---- phase 1: what is kept ---- */

static enum err open_stores(struct ingestor *in, struct fault *fault)
{
    struct records_options options = {.path = in->s.records_db, .mode = RECORDS_USE};
    enum err err = OK;
    if (in->s.mqtt_password_file[0])
        err = file_read_secret(in->s.mqtt_password_file, fault, in->password);
    if (err == OK && !(in->zones = zones_create(in->s.zoneinfo_dir)))
        err = fault_set(fault, ERR_FATAL, "no memory");
    if (err == OK)
        err = records_open(&options, fault, &in->records);
    if (err == OK)
        err = file_lock_beside(in->s.ledger_db, fault, &in->ledger_lock);
    if (err == OK)
        err = facts_open_sqlite(in->s.ledger_db, FACTS_WRITER, fault, &in->facts);
    if (err == OK)
        err = facts_open_sqlite(in->s.ledger_db, FACTS_WRITER, fault, &in->checkpointer);
    return err;
}

/* ---- phase 2: the link to the broker, not opened yet ---- */

static void on_up(bool session_present, void *arg)
{
    struct ingestor *in = arg;
    pipeline_link(in->pipeline, true);
    log_info("connected to the broker", LOG_TEXT("host", in->s.mqtt_host), LOG_INT("port", in->s.mqtt_port),
             LOG_BOOL("session_kept", session_present));
}

static void on_down(const char *why, void *arg)
{
    static struct log_gate gate;
    struct ingestor *in = arg;
    uint64_t hidden;
    pipeline_link(in->pipeline, false);
    if (log_every(&gate, clock_monotonic(&clock_system), 10000, &hidden))
        log_warn("no link to the broker", LOG_TEXT("why", why), LOG_UINT("not_told", hidden));
}

static void on_published(uint64_t id, enum err result, void *arg)
{
    struct ingestor *in = arg;
    if (result == OK && id != UINT64_MAX)
        pipeline_published(in->pipeline, id);
}

static void on_message(const struct link_message *message, void *arg)
{
    struct ingestor *in = arg;
    receive_message(message, &in->receive);
}

static enum err make_link(struct ingestor *in, struct fault *fault)
{
    static const struct link_subscription subscriptions[] = {{"meters/+/readings", 1},
                                                             {"meters/+/status", 1},
                                                             {"meters/+/events", 1},
                                                             {"provision/requests/+", 1},
                                                             {"$SYS/broker/publish/messages/dropped", 0}};
    struct link_callbacks callbacks = {.on_message = on_message, .on_up = on_up, .on_down = on_down, .on_published = on_published, .arg = in};
    struct link_settings settings = {
        .host = in->s.mqtt_host,
        .port = (int)in->s.mqtt_port,
        .client_id = in->s.mqtt_client_id,
        .username = in->s.mqtt_user[0] ? in->s.mqtt_user : NULL,
        .password = in->password[0] ? in->password : NULL,
        .keep_alive_s = (int)in->s.mqtt_keep_alive_s,
        .max_inflight = (int)in->s.mqtt_max_inflight,
        .max_buffered = 0, /* the outbox keeps what cannot be sent */
        .subscriptions = subscriptions,
        .subscription_count = sizeof subscriptions / sizeof subscriptions[0],
        .acknowledgement = LINK_ON_RETURN,
        .ca_file = in->s.mqtt_ca_file[0] ? in->s.mqtt_ca_file : NULL,
    };
    enum err err = link_create(&settings, &callbacks, fault, &in->link);
    return err == OK ? sender_create(in->link, &clock_system, fault, &in->sender) : err;
}

/* ---- phase 3: the path ---- */

static enum err make_path(struct ingestor *in, struct fault *fault)
{
    struct pipeline_parts parts = {
        .facts = in->facts,
        .records = in->records,
        .zones = in->zones,
        .clock = clock_system,
        .auto_register = {in->s.auto_register, in->s.auto_register_per_minute, in->s.auto_register_max},
        .refusals_kept = in->s.refusals_kept,
        .bill_publish_s = in->s.bill_publish_s,
        .resends_per_minute = in->s.resends_per_minute,
        .silent_intervals = in->s.silent_intervals,
        .silent_min_s = in->s.silent_min_s,
        .derive_rest_ms = in->s.derive_rest_ms,
        .seal_after_days = in->s.seal_after_days,
        .login_file = in->s.login_file,
        .acl_file = in->s.acl_file,
        .login_reload_ms = in->s.login_reload_ms,
        .send = sender_send,
        .send_arg = in->sender,
    };
    struct journal_settings journal = {in->s.journal_dir, in->s.journal_segment_mib << 20, in->s.journal_max_mib << 20};
    struct journal_position position;
    enum err err = pipeline_create(&parts, fault, &in->pipeline);
    if (err == OK)
        err = pipeline_position(in->pipeline, fault, &position);
    if (err == OK)
        err = journal_open(&journal, position, fault, &in->journal);
    in->receive.journal = in->journal;
    in->receive.clock = clock_system;
    return err;
}

/* ---- phase 4: threads, and the door opens ---- */

static enum err start_threads(struct ingestor *in, struct fault *fault)
{
    struct drain_settings settings = {in->journal, in->pipeline, in->checkpointer, clock_system, in->s.batch_messages, in->s.derive_every_ms};
    struct metrics_http_pages pages = {report_metrics, report_health, &in->report};
    enum err err = drain_start(&settings, fault, &in->drain);
    if (err != OK)
        return err;
    in->report = (struct report){in->pipeline, in->journal, in->drain, in->sender, in->link, &in->receive};
    if (in->s.metrics_port >= 0)
        err = metrics_http_create((uint16_t)in->s.metrics_port, &pages, fault, &in->http);
    return err == OK ? link_open(in->link, fault) : err;
}

static enum err write_pid(const char *path, struct fault *fault)
{
    char text[32];
    int len = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    return path[0] ? file_write_atomic(path, text, (size_t)len, 0644, fault) : OK;
}

static void take_apart(struct ingestor *in)
{
    atomic_store(&in->receive.stopping, true);
    metrics_http_destroy(in->http);
    if (in->link && atomic_load(&in->receive.refused_ms) != 0) {
        /* A callback waits for a disk that refuses, and holds Paho's lock: leave as a crash would. What was acknowledged is in the journal. */
        log_warn("leaving while the journal refuses");
        if (in->s.pid_file[0])
            unlink(in->s.pid_file);
        _exit(0);
    }
    if (in->link)
        link_close(in->link, CLOSE_MS);
    drain_stop(in->drain);
    sender_destroy(in->sender);
    link_destroy(in->link);
    pipeline_destroy(in->pipeline);
    journal_close(in->journal);
    facts_close(in->checkpointer);
    facts_close(in->facts);
    records_close(in->records);
    zones_destroy(in->zones);
    if (in->s.pid_file && in->s.pid_file[0])
        unlink(in->s.pid_file);
}

static int only_rebuild(struct ingestor *in, struct fault *fault)
{
    enum err err = rebuild_ledger(&in->s, fault);
    if (err != OK)
        log_error("cannot derive the ledger anew", LOG_FAULT(fault));
    settings_finish(&ingestor_program, &in->s);
    return err == OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char *argv[])
{
    static struct ingestor in;
    struct fault fault = {0};
    int exit_code = program_start(&ingestor_program, argc, argv, &in.s, NULL);
    if (exit_code >= 0)
        return exit_code;

    enum err err = stop_install(&fault);
    if (err == OK && in.s.rebuild)
        return only_rebuild(&in, &fault);
    if (err == OK)
        err = write_pid(in.s.pid_file, &fault);
    if (err == OK)
        err = open_stores(&in, &fault);
    if (err == OK)
        err = make_link(&in, &fault);
    if (err == OK)
        err = make_path(&in, &fault);
    if (err == OK)
        err = start_threads(&in, &fault);
    if (err != OK)
        log_error("cannot start", LOG_FAULT(&fault));
    else
        log_info("started", LOG_TEXT("version", QUILOWATT_VERSION), LOG_TEXT("ledger", in.s.ledger_db),
                 LOG_INT("metrics_port", in.http ? metrics_http_port(in.http) : -1));

    struct drain_state state = {0};
    while (err == OK && !state.fatal && !stop_wait(LOOK_MS))
        drain_look(in.drain, &state);

    log_info("stopping");
    take_apart(&in);
    settings_finish(&ingestor_program, &in.s);
    return err != OK || state.fatal ? EXIT_FAILURE : EXIT_SUCCESS;
}
