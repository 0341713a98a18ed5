#include "base/buf.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 64

/* What `data` points at while nothing is allocated; never written. */
static char nothing[1] = "";

void buf_init(struct buf *buf, size_t max)
{
    *buf = (struct buf){.data = nothing, .max = max};
}

void buf_finish(struct buf *buf)
{
    if (buf == NULL)
        return;
    if (buf->data != nothing)
        free(buf->data);
    *buf = (struct buf){.data = nothing};
}

void buf_reset(struct buf *buf)
{
    buf->len = 0;
    buf->overflow = false;
    if (buf->cap > 0)
        buf->data[0] = '\0';
}

/* Makes room for `more` bytes and the NUL; false, with `overflow` set, when that is not to be had.
 */
static bool reserve(struct buf *buf, size_t more)
{
    if (buf->overflow)
        return false;
    if (more > buf->max - buf->len) {
        buf->overflow = true;
        return false;
    }
    size_t need = buf->len + more + 1;
    if (need <= buf->cap)
        return true;
    size_t cap = buf->cap < FIRST_CAPACITY ? FIRST_CAPACITY : buf->cap;
    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    if (cap - 1 > buf->max)
        cap = buf->max + 1;
    char *data = realloc(buf->cap > 0 ? buf->data : NULL, cap);
    if (data == NULL) {
        buf->overflow = true;
        return false;
    }
    buf->data = data;
    buf->cap = cap;
    return true;
}

char *buf_room(struct buf *buf, size_t len)
{
    if (!reserve(buf, len))
        return NULL;
    char *room = buf->data + buf->len;
    buf->len += len;
    buf->data[buf->len] = '\0';
    return room;
}

void buf_append(struct buf *buf, const void *bytes, size_t len)
{
    char *room = len > 0 ? buf_room(buf, len) : NULL;
    if (room)
        memcpy(room, bytes, len);
}

void buf_str(struct buf *buf, const char *text)
{
    buf_append(buf, text, strlen(text));
}

void buf_char(struct buf *buf, char c)
{
    if (buf->len + 1 < buf->cap && !buf->overflow) {
        buf->data[buf->len++] = c;
        buf->data[buf->len] = '\0';
    } else {
        buf_append(buf, &c, 1);
    }
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    char small[256];
    int len = vsnprintf(small, sizeof(small), format, args);
    if (len < 0) {
        buf->overflow = true;
    } else if ((size_t)len < sizeof(small)) {
        buf_append(buf, small, (size_t)len);
    } else if (reserve(buf, (size_t)len)) {
        vsnprintf(buf->data + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
    va_end(args);
}
