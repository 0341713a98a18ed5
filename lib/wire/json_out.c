#include "wire/json_out.h"
#include "base/civil.h"
#include "base/instant.h"
#include "base/number.h"

static void quoted(struct buf *buf, const char *text)
{
    buf_char(buf, '"');
    for (const char *run = text; *text || run != text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_append(buf, run, (size_t)(text - run));
        run = text + 1;
        if (c == 0)
            break;
        if (c == '"' || c == '\\')
            buf_printf(buf, "\\%c", c);
        else
            buf_printf(buf, "\\u%04x", c);
    }
    buf_char(buf, '"');
}

/* The comma before, where something stands there already, and the key. */
static void begin(struct buf *buf, const char *key)
{
    char last = buf->len ? buf->data[buf->len - 1] : '{';
    if (last != '{' && last != '[' && last != ':' && last != '\n')
        buf_char(buf, ',');
    if (key) {
        quoted(buf, key);
        buf_char(buf, ':');
    }
}

void out_object(struct buf *buf, const char *key)
{
    begin(buf, key);
    buf_char(buf, '{');
}

void out_array(struct buf *buf, const char *key)
{
    begin(buf, key);
    buf_char(buf, '[');
}

void out_end_object(struct buf *buf)
{
    buf_char(buf, '}');
}

void out_end_array(struct buf *buf)
{
    buf_char(buf, ']');
}

void out_text(struct buf *buf, const char *key, const char *value)
{
    begin(buf, key);
    if (value)
        quoted(buf, value);
    else
        buf_str(buf, "null");
}

void out_int(struct buf *buf, const char *key, int64_t value)
{
    begin(buf, key);
    buf_printf(buf, "%lld", (long long)value);
}

void out_bool(struct buf *buf, const char *key, bool value)
{
    begin(buf, key);
    buf_str(buf, value ? "true" : "false");
}

void out_null(struct buf *buf, const char *key)
{
    begin(buf, key);
    buf_str(buf, "null");
}

void out_raw(struct buf *buf, const char *key, const char *json)
{
    begin(buf, key);
    buf_str(buf, json);
}

void out_scaled(struct buf *buf, const char *key, int64_t value, int scale)
{
    char text[DECIMAL_TEXT_SIZE];
    decimal_format(value, scale, 0, text);
    begin(buf, key);
    buf_str(buf, text);
}

void out_instant(struct buf *buf, const char *key, int64_t utc_ms)
{
    char text[INSTANT_TEXT_SIZE];
    instant_format(utc_ms, text);
    out_text(buf, key, text);
}

void out_day(struct buf *buf, const char *key, int32_t local_day)
{
    char text[CIVIL_TEXT_SIZE];
    civil_format(local_day, text);
    out_text(buf, key, text);
}
