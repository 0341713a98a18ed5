#include "daemon/log.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/instant.h"
#include "base/text.h"

static _Atomic int least_level = LEVEL_INFO;
static _Atomic int log_fd = STDERR_FILENO;

static const char *const level_names[] = {"debug", "info", "warn", "error"};

bool log_level_parse(const char *name, enum log_level *out)
{
    for (int i = 0; i < 4; i++) {
        if (strcmp(name, level_names[i]) == 0) {
            *out = (enum log_level)i;
            return true;
        }
    }
    return false;
}

void log_level_set(enum log_level least)
{
    atomic_store(&least_level, (int)least);
}

void log_to(int fd)
{
    atomic_store(&log_fd, fd);
}

/* A line in the making, on the stack: logging must work when memory is out. */
struct line {
    char text[LOG_LINE_MAX];
    size_t len;
    bool cut;
};

#define CUT_MARK " cut=true"
#define ROOM                                                                                                                                         \
    (LOG_LINE_MAX - sizeof(CUT_MARK) - 1) /* what is kept for the mark and the line end                                                              \
                                           */

static void put(struct line *line, const char *text, size_t len)
{
    if (line->cut || len > ROOM - line->len) {
        line->cut = true;
        return;
    }
    memcpy(line->text + line->len, text, len);
    line->len += len;
}

static void put_text(struct line *line, const char *text)
{
    put(line, text, strlen(text));
}

static bool needs_quotes(const char *text)
{
    if (*text == '\0')
        return true;
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f)
            return true;
    }
    return false;
}

static void put_escaped(struct line *line, const char *text, bool utf8)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        char escape[8];
        if (c == '"' || c == '\\')
            snprintf(escape, sizeof(escape), "\\%c", c);
        else if (c == '\n')
            snprintf(escape, sizeof(escape), "\\n");
        else if (c < ' ' || c == 0x7f || (c >= 0x80 && !utf8))
            snprintf(escape, sizeof(escape), "\\x%02x", c);
        else
            snprintf(escape, sizeof(escape), "%c", c);
        put_text(line, escape);
    }
}

static void put_value(struct line *line, const char *text)
{
    if (text == NULL)
        text = "";
    bool utf8 = text_is_utf8(text, strlen(text));
    bool quotes = !utf8 || needs_quotes(text);
    if (quotes)
        put_text(line, "\"");
    put_escaped(line, text, utf8);
    if (quotes)
        put_text(line, "\"");
}

static void put_key(struct line *line, const char *key)
{
    put_text(line, " ");
    put_text(line, key);
    put_text(line, "=");
}

static void put_field(struct line *line, const struct log_field *field)
{
    char number[24];
    const struct fault *fault = field->value.fault;
    switch (field->type) {
    case FIELD_INT:
        put_key(line, field->key);
        snprintf(number, sizeof(number), "%lld", (long long)field->value.number);
        put_text(line, number);
        break;
    case FIELD_UINT:
        put_key(line, field->key);
        snprintf(number, sizeof(number), "%llu", (unsigned long long)field->value.count);
        put_text(line, number);
        break;
    case FIELD_BOOL:
        put_key(line, field->key);
        put_text(line, field->value.truth ? "true" : "false");
        break;
    case FIELD_TEXT:
        put_key(line, field->key);
        put_value(line, field->value.text);
        break;
    case FIELD_FAULT:
        put_key(line, "error");
        put_text(line, err_name(fault->code));
        put_key(line, "fault");
        put_value(line, fault->text);
        if (fault->pointer[0] != '\0') {
            put_key(line, "pointer");
            put_value(line, fault->pointer);
        }
        break;
    case FIELD_END:
        break;
    }
}

/* A field that does not fit whole is left out, so that what stands there can be trusted. */
static void put_fields(struct line *line, const struct log_field *fields)
{
    for (; fields->type != FIELD_END && !line->cut; fields++) {
        size_t before = line->len;
        put_field(line, fields);
        if (line->cut)
            line->len = before;
    }
}

void log_event(enum log_level level, const char *msg, const struct log_field *fields)
{
    if ((int)level < atomic_load_explicit(&least_level, memory_order_relaxed))
        return;
    struct line line = {.len = 0};
    char now[INSTANT_TEXT_SIZE];
    instant_format(clock_now(&clock_system), now);
    put_text(&line, "ts=");
    put_text(&line, now);
    put_text(&line, " level=");
    put_text(&line, level_names[level]);
    put_text(&line, " msg=\"");
    put_escaped(&line, msg, true);
    put_text(&line, "\"");
    put_fields(&line, fields);
    if (line.cut) {
        memcpy(line.text + line.len, CUT_MARK, sizeof(CUT_MARK) - 1);
        line.len += sizeof(CUT_MARK) - 1;
    }
    line.text[line.len++] = '\n';
    ssize_t written = write(atomic_load(&log_fd), line.text, line.len);
    (void)written; /* there is nowhere left to say so */
}

bool log_every(struct log_gate *gate, int64_t monotonic_ms, int64_t every_ms, uint64_t *out_hidden)
{
    int64_t from = atomic_load(&gate->open_from_ms);
    if (monotonic_ms < from || !atomic_compare_exchange_strong(&gate->open_from_ms, &from, monotonic_ms + every_ms)) {
        atomic_fetch_add(&gate->hidden, 1);
        return false;
    }
    *out_hidden = atomic_exchange(&gate->hidden, 0);
    return true;
}
