#include "wire/json_out.h"
#include <stddef.h>
#include <string.h>
#include "base/civil.h"
#include "base/instant.h"
#include "base/number.h"

/* Stands for itself within quotes. */
static bool plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

/* Text with quotes, where nothing in it needs another spelling: as long as it is; else -1. */
static ptrdiff_t plain_length(const char *text)
{
    const char *end = text;
    while (plain((unsigned char)*end))
        end++;
    return *end ? -1 : end - text;
}

static void spelled(struct buf *buf, const char *text)
{
    buf_char(buf, '"');
    for (const char *run = text; *text || run != text; text++) {
        while (plain((unsigned char)*text))
            text++;
        unsigned char c = (unsigned char)*text;
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

static void quoted(struct buf *buf, const char *text)
{
    ptrdiff_t len = plain_length(text);
    if (len < 0) {
        spelled(buf, text);
        return;
    }
    char *room = buf_room(buf, (size_t)len + 2);
    if (!room)
        return;
    room[0] = room[len + 1] = '"';
    memcpy(room + 1, text, (size_t)len);
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
    char digits[24];
    char *at = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        *--at = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        *--at = '-';
    buf_append(buf, at, (size_t)(digits + sizeof digits - at));
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
