#include "meter/single.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "daemon/files.h"
#include "daemon/log.h"
#include "daemon/stop.h"
#include "meter/card.h"
#include "meter/defect.h"
#include "meter/device.h"
#include "meter/mailbox.h"
#include "meter/menu.h"
#include "meter/nonce.h"
#include "meter/provision.h"
#include "meter/sender.h"
#include "mqtt/link.h"

enum {
    INFLIGHT = 16,
    MESSAGES_UNDER_WAY = 8, /* of readings; the rest of INFLIGHT is for status and events */
    KEEP_ALIVE_S = 20,
    SYNC_MS = 1000,
    GOODBYE_MS = 3000,
    SEGMENT_RECORDS = 8192,
    GATE_MS = 60000,
    ANNOUNCEMENTS_MAX = 65536,
};

struct single {
    const struct options *options;
    struct device_card card;
    char password[SECRET_SIZE];
    char readings_topic[96], status_topic[96], events_topic[96];
    struct device device;
    struct spool *spool;
    struct sender sender;
    struct mailbox *mailbox;
    struct link *link;
    struct menu *menu;
    struct defect_plan defect_plan;
    struct defect_meter defects;
    struct buf announcements; /* events of the register that are not sent yet, one a line */
    uint64_t next_id, told_dropped;
    int64_t synced_ms;
    pthread_mutex_t view_lock;
    struct menu_view view;
};

/* ---- from the connection's threads ---- */

static void on_message(const struct link_message *message, void *arg)
{
    struct single *s = arg;
    struct mail mail = {.kind = MAIL_RECEIPT};
    struct fault fault;
    enum err err;
    bool is_command = message->topic_len > 9 && memcmp(message->topic + message->topic_len - 9, "/commands", 9) == 0;
    if (is_command) {
        mail.kind = MAIL_COMMAND;
        err = device_command_parse(message->payload, message->payload_len, &fault, &mail.is.command);
    } else {
        err = device_receipt_parse(message->payload, message->payload_len, &fault, &mail.is.receipt);
    }
    if (err != OK)
        log_warn(is_command ? "a command that is none" : "a receipt that is none", LOG_FAULT(&fault));
    else
        mailbox_post(s->mailbox, &mail);
}

static void on_up(bool session_present, void *arg)
{
    (void)session_present;
    mailbox_post(((struct single *)arg)->mailbox, &(struct mail){.kind = MAIL_UP});
}

static void on_down(const char *why, void *arg)
{
    struct mail mail = {.kind = MAIL_DOWN};
    text_copy(mail.is.why, sizeof mail.is.why, why);
    mailbox_post(((struct single *)arg)->mailbox, &mail);
}

/* ---- what goes out ---- */

static enum err publish(struct single *s, const char *topic, const void *payload, size_t len, bool retained)
{
    struct fault fault;
    enum err err = link_publish(s->link, topic, payload, len, 1, retained, ++s->next_id, &fault);
    if (err != OK && err != ERR_RETRY)
        log_error("cannot publish", LOG_FAULT(&fault));
    return err;
}

static enum err send_readings(const void *payload, size_t len, void *arg)
{
    struct single *s = arg;
    return publish(s, s->readings_topic, payload, len, false);
}

static enum err send_with_defects(const void *payload, size_t len, void *arg)
{
    struct single *s = arg;
    return defect_send(&s->defects, payload, len, &(struct defect_out){send_readings, s});
}

static void show_with_defects(struct reading *reading, void *arg)
{
    struct single *s = arg;
    defect_show(&s->defects, reading);
}

static void note_announcement(struct single *s, const struct spool_reading *reading)
{
    if (defect_event(&s->defects, reading->ts_utc_ms, reading->register_wms / DEVICE_WMS_PER_WH, &s->announcements))
        buf_char(&s->announcements, '\n');
}

static void send_announcements(struct single *s)
{
    struct buf *waiting = &s->announcements;
    while (waiting->len > 0) {
        size_t len = strcspn(waiting->data, "\n");
        if (publish(s, s->events_topic, waiting->data, len, false) != OK)
            return;
        waiting->len -= len + 1;
        memmove(waiting->data, waiting->data + len + 1, waiting->len + 1);
    }
}

static void answer_command(struct single *s, const char *command_id, bool done, const char *detail)
{
    struct buf text;
    buf_init(&text, 1024);
    device_command_result_encode(&text, command_id, done, detail);
    log_info(done ? "command done" : "command refused", LOG_TEXT("command_id", command_id), LOG_TEXT("detail", detail));
    if (text.overflow || publish(s, s->events_topic, text.data, text.len, false) != OK)
        log_warn("the answer to a command is lost", LOG_TEXT("command_id", command_id));
    buf_finish(&text);
}

static void resent(const char *command_id, int64_t sent, void *arg)
{
    char detail[64];
    snprintf(detail, sizeof detail, "%lld readings sent again", (long long)sent);
    answer_command(arg, command_id, true, detail);
}

static void publish_birth(struct single *s)
{
    struct buf text;
    buf_init(&text, 1024);
    device_birth_encode(&text, s->card.serial, "qw-meter " QUILOWATT_VERSION, s->device.boot);
    publish(s, s->status_topic, text.data, text.len, true);
    buf_finish(&text);
}

/* ---- what came in ---- */

static void save_state(struct single *s)
{
    struct fault fault;
    if (device_state_save(&s->device, s->options->dir, &fault) != OK)
        log_warn("cannot remember the rate and the interval", LOG_FAULT(&fault));
}

static void obey(struct single *s, const struct device_command *c)
{
    if (c->expires_utc_ms < clock_now(&clock_system)) {
        log_info("a command came too late and is ignored", LOG_TEXT("command_id", c->command_id));
        return;
    }
    if (c->kind == DEVICE_SET_INTERVAL) {
        s->device.interval_ms = c->interval_s * 1000;
        s->device.interval_was_set = true;
        s->device.due_ms = clock_monotonic(&clock_system) + s->device.interval_ms;
        save_state(s);
        answer_command(s, c->command_id, true, "interval set");
    } else if (c->kind == DEVICE_RESEND) {
        enum err err = sender_resend(&s->sender, c);
        if (err != OK) /* else the answer comes when it is done */
            answer_command(s, c->command_id, false, err == ERR_NOT_FOUND ? "not kept any more" : "too many commands wait");
    } else {
        answer_command(s, c->command_id, false, "unknown command");
    }
}

static void set_rate(struct single *s, int64_t rate_w)
{
    device_set_rate(&s->device, rate_w, clock_monotonic(&clock_system));
    s->device.rate_was_set = true;
    save_state(s);
}

static void read_mail(struct single *s)
{
    struct mail mail;
    while (mailbox_take(s->mailbox, &mail)) {
        switch (mail.kind) {
        case MAIL_RECEIPT:
            spool_receipt(s->spool, mail.is.receipt.boot, mail.is.receipt.seq);
            break;
        case MAIL_COMMAND:
            obey(s, &mail.is.command);
            break;
        case MAIL_UP:
            log_info("connected", LOG_TEXT("meter", s->card.identity.meter_id), LOG_UINT("kept", spool_end(s->spool) - spool_first(s->spool)));
            publish_birth(s);
            sender_restart(&s->sender, clock_monotonic(&clock_system));
            break;
        case MAIL_DOWN:
            log_warn("not connected", LOG_TEXT("why", mail.is.why));
            break;
        case MAIL_RATE:
            set_rate(s, mail.is.watts);
            break;
        case MAIL_RATE_CHANGE:
            set_rate(s, s->device.rate_w + mail.is.watts);
            break;
        }
    }
}

/* ---- the loop ---- */

static void take_reading(struct single *s, int64_t now_ms)
{
    static struct log_gate disk_gate, full_gate;
    struct spool_reading reading;
    struct fault fault;
    uint64_t hidden;
    device_read(&s->device, now_ms, clock_now(&clock_system), &reading);
    if (spool_append(s->spool, &reading, &fault) == OK) {
        device_taken(&s->device, now_ms);
        note_announcement(s, &reading);
    } else {
        s->device.due_ms = now_ms + s->device.interval_ms;
        if (log_every(&disk_gate, now_ms, GATE_MS, &hidden))
            log_error("a reading cannot be kept and is not sent", LOG_UINT("more", hidden), LOG_FAULT(&fault));
    }
    uint64_t dropped = spool_counts(s->spool).dropped;
    if (dropped > s->told_dropped && log_every(&full_gate, now_ms, GATE_MS, &hidden)) {
        log_warn("the spool is full: the oldest readings are dropped", LOG_UINT("dropped", dropped));
        s->told_dropped = dropped;
    }
}

static void sync_spool(struct single *s, int64_t now_ms)
{
    static struct log_gate gate;
    struct fault fault;
    uint64_t hidden;
    if (now_ms - s->synced_ms < SYNC_MS)
        return;
    s->synced_ms = now_ms;
    if (spool_sync(s->spool, &fault) != OK && log_every(&gate, now_ms, GATE_MS, &hidden))
        log_error("readings may not survive a power cut", LOG_FAULT(&fault));
}

static void update_view(struct single *s)
{
    pthread_mutex_lock(&s->view_lock);
    s->view.rate_w = s->device.rate_w;
    s->view.register_wh = s->device.register_wms / DEVICE_WMS_PER_WH;
    s->view.interval_ms = s->device.interval_ms;
    s->view.kept = (int64_t)(spool_end(s->spool) - spool_first(s->spool));
    s->view.connected = link_is_up(s->link);
    pthread_mutex_unlock(&s->view_lock);
}

static void view(struct menu_view *out, void *arg)
{
    struct single *s = arg;
    pthread_mutex_lock(&s->view_lock);
    *out = s->view;
    pthread_mutex_unlock(&s->view_lock);
}

static void send_what_may(struct single *s, int64_t now_ms)
{
    size_t under_way = link_pending(s->link);
    if (defect_is_silent(&s->defects, clock_now(&clock_system)))
        return;
    if (link_is_up(s->link))
        send_announcements(s);
    if (link_is_up(s->link) && under_way < MESSAGES_UNDER_WAY)
        sender_run(&s->sender, now_ms, (int)(MESSAGES_UNDER_WAY - under_way));
}

static void loop_once(struct single *s)
{
    int64_t now_ms = clock_monotonic(&clock_system);
    read_mail(s);
    device_advance(&s->device, now_ms);
    if (now_ms >= s->device.due_ms) {
        if (s->options->fault_silence_loses && defect_is_silent(&s->defects, clock_now(&clock_system)))
            s->device.due_ms += s->device.interval_ms;
        else
            take_reading(s, now_ms);
    }
    send_what_may(s, now_ms);
    sync_spool(s, now_ms);
    update_view(s);
    int64_t wait_ms = s->device.due_ms - now_ms;
    bool backlog = link_is_up(s->link) && (s->sender.cursor < spool_end(s->spool) || s->sender.resend_count > 0);
    if (backlog && wait_ms > 10)
        wait_ms = 10; /* acknowledgements make room without telling */
    struct pollfd fds[2] = {{.fd = stop_fd(), .events = POLLIN}, {.fd = mailbox_fd(s->mailbox), .events = POLLIN}};
    poll(fds, 2, (int)(wait_ms < 0 ? 0 : wait_ms > 1000 ? 1000 : wait_ms));
}

/* ---- beginning and end ---- */

static void open_defects(struct single *s)
{
    struct spool_reading last;
    bool any = s->defect_plan.defects != 0;
    sender_init(
        &s->sender, s->spool, s->options->receipt_wait_ms,
        &(struct sender_out){.publish = any ? send_with_defects : send_readings, .resent = resent, .show = any ? show_with_defects : NULL, .arg = s});
    if (spool_last(s->spool, &last))
        s->defects.last_true_wh = last.register_wms / DEVICE_WMS_PER_WH;
    if (any)
        log_warn("this meter has faults on purpose", LOG_TEXT("fault", s->options->fault));
}

static enum err open_spool(struct single *s, struct fault *fault)
{
    const struct options *o = s->options;
    char path[4200], boot[SPOOL_BOOT_SIZE] = "b";
    struct spool_reading last;
    struct spool_limits limits = {.max_readings = (size_t)o->spool_max_readings, .segment_records = SEGMENT_RECORDS};
    if ((size_t)snprintf(path, sizeof path, "%s/spool", o->dir) >= sizeof path)
        return fault_set(fault, ERR_INVALID, "dir is too long");
    enum err err = nonce_make(12, fault, boot + 1);
    if (err == OK)
        err = spool_open(path, &limits, fault, &s->spool);
    if (err != OK)
        return err;
    s->device = (struct device){.rate_w = o->rate_w, .interval_ms = o->interval_ms, .nominal_mv = (int32_t)o->nominal_v * 1000};
    err = device_state_load(&s->device, o->dir, fault);
    device_begin(&s->device, spool_last(s->spool, &last) ? &last : NULL, boot, clock_monotonic(&clock_system));
    struct spool_counts counts = spool_counts(s->spool);
    log_info("spool opened", LOG_UINT("kept", spool_end(s->spool) - spool_first(s->spool)), LOG_UINT("torn_bytes", counts.torn_bytes),
             LOG_UINT("bad_records", counts.bad_records), LOG_INT("register_wh", s->device.register_wms / DEVICE_WMS_PER_WH));
    open_defects(s);
    return err;
}

static enum err open_link(struct single *s, struct fault *fault)
{
    const struct options *o = s->options;
    const struct device_identity *identity = &s->card.identity;
    char receipts[96], commands[96];
    snprintf(receipts, sizeof receipts, "meters/%s/receipt", identity->meter_id);
    snprintf(commands, sizeof commands, "meters/%s/commands", identity->meter_id);
    snprintf(s->readings_topic, sizeof s->readings_topic, "meters/%s/readings", identity->meter_id);
    snprintf(s->status_topic, sizeof s->status_topic, "meters/%s/status", identity->meter_id);
    snprintf(s->events_topic, sizeof s->events_topic, "meters/%s/events", identity->meter_id);
    struct link_subscription subscriptions[] = {{receipts, 0}, {commands, 1}};
    struct link_settings settings = {
        .host = o->broker_host,
        .port = (int)o->broker_port,
        .client_id = identity->meter_id,
        .clean_session = false,
        .username = identity->username[0] != '\0' ? identity->username : NULL,
        .password = s->password[0] != '\0' ? s->password : NULL,
        .ca_file = o->ca_file[0] != '\0' ? o->ca_file : NULL,
        .keep_alive_s = KEEP_ALIVE_S,
        .max_inflight = INFLIGHT,
        .will_topic = s->status_topic,
        .will_payload = DEVICE_WILL,
        .will_qos = 1,
        .will_retained = true,
        .subscriptions = subscriptions,
        .subscription_count = 2,
    };
    struct link_callbacks callbacks = {.on_message = on_message, .on_up = on_up, .on_down = on_down, .arg = s};
    enum err err = link_create(&settings, &callbacks, fault, &s->link);
    return err != OK ? err : link_open(s->link, fault);
}

static enum err open_menu(struct single *s, struct fault *fault)
{
    if (!s->options->menu && !isatty(STDIN_FILENO))
        return OK;
    struct menu_place place = {.language = menu_language(s->options->lang, getenv("LANG")), .mailbox = s->mailbox, .view = view, .arg = s};
    return menu_create(&place, fault, &s->menu);
}

/* The menu's console stays quiet: the log goes to a file then. */
static void choose_log(const struct options *o)
{
    char path[4200];
    bool has_menu = o->menu || isatty(STDIN_FILENO);
    if (o->log_file[0] == '\0' && !has_menu)
        return;
    snprintf(path, sizeof path, "%s%s", o->log_file[0] != '\0' ? o->log_file : o->dir, o->log_file[0] != '\0' ? "" : "/meter.log");
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd >= 0)
        log_to(fd);
    else
        log_warn("cannot open the log file", LOG_TEXT("path", path));
}

static void say_goodbye(struct single *s)
{
    if (s->link == NULL)
        return;
    if (link_is_up(s->link)) {
        send_what_may(s, clock_monotonic(&clock_system));
        defect_flush(&s->defects, &(struct defect_out){send_readings, s});
        publish(s, s->status_topic, DEVICE_WILL, strlen(DEVICE_WILL), true);
    }
    link_close(s->link, link_is_up(s->link) ? GOODBYE_MS : 0);
    read_mail(s); /* receipts that came while leaving */
}

int single_run(const struct options *options)
{
    struct single s = {.options = options, .view_lock = PTHREAD_MUTEX_INITIALIZER};
    struct fault fault;
    s.defect_plan = options_defects(options);
    defect_init(&s.defects, &s.defect_plan, 1);
    buf_init(&s.announcements, ANNOUNCEMENTS_MAX);
    enum err err = provision_identity(options, &fault, &s.card, s.password);
    if (err == OK)
        choose_log(options);
    if (err == OK && (s.mailbox = mailbox_create()) == NULL)
        err = fault_set(&fault, ERR_FATAL, "no memory for a mailbox");
    if (err == OK)
        err = open_spool(&s, &fault);
    if (err == OK)
        err = open_link(&s, &fault);
    if (err == OK) {
        text_copy(s.view.meter_id, sizeof s.view.meter_id, s.card.identity.meter_id);
        update_view(&s);
        err = open_menu(&s, &fault);
    }
    while (err == OK && !stop_requested())
        loop_once(&s);
    menu_destroy(s.menu);
    say_goodbye(&s);
    if (err == OK)
        log_info("meter ends", LOG_UINT("kept", spool_end(s.spool) - spool_first(s.spool)), LOG_UINT("sent", s.sender.sent),
                 LOG_UINT("repeated", s.sender.repeated), LOG_INT("counted_wh", s.defects.last_true_wh));
    else if (err != ERR_RETRY || !stop_requested())
        log_error("the meter cannot begin", LOG_FAULT(&fault));
    link_destroy(s.link);
    sender_finish(&s.sender);
    spool_close(s.spool);
    mailbox_destroy(s.mailbox);
    defect_finish(&s.defects);
    buf_finish(&s.announcements);
    explicit_bzero(s.password, sizeof s.password);
    explicit_bzero(&s.card, sizeof s.card);
    return err == OK || stop_requested() ? 0 : err == ERR_INVALID ? 2 : 1;
}
