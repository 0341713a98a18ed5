#include "base/text.h"
#include <string.h>

bool text_copy(char *dst, size_t size, const char *src)
{
    if (src == NULL)
        src = "";
    size_t len = strlen(src);
    if (size == 0)
        return false;
    size_t kept = len < size ? len : size - 1;
    memmove(dst, src, kept);
    dst[kept] = '\0';
    return kept == len;
}

bool text_to_int64(const char *text, int64_t *out)
{
    if (text == NULL)
        return false;
    bool negative = text[0] == '-';
    if (negative)
        text++;
    if (*text == '\0')
        return false;
    int64_t value = 0; /* gathered below zero, where one more number fits */
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9')
            return false;
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, *text - '0', &value))
            return false;
    }
    if (!negative && value == INT64_MIN)
        return false;
    *out = negative ? value : -value;
    return true;
}

bool text_is_name(const char *text, size_t len)
{
    if (len < 1 || len > 64)
        return false;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        bool good = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        if (!good)
            return false;
    }
    return true;
}

bool text_starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

void text_hex(char *dst, const void *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < len; i++) {
        dst[2 * i] = digits[byte[i] >> 4];
        dst[2 * i + 1] = digits[byte[i] & 15];
    }
    dst[2 * len] = '\0';
}

/* Length of the well-formed sequence at s (of at most `left` bytes), or 0. Table 3-7 of Unicode. */
static size_t utf8_sequence(const unsigned char *s, size_t left)
{
    unsigned char lead = s[0];
    if (lead < 0x80)
        return 1;
    size_t len = lead >= 0xC2 && lead <= 0xDF ? 2 : lead >= 0xE0 && lead <= 0xEF ? 3 : lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
    if (len == 0 || len > left)
        return 0;
    unsigned char low = 0x80, high = 0xBF;
    if (lead == 0xE0)
        low = 0xA0;
    if (lead == 0xED)
        high = 0x9F;
    if (lead == 0xF0)
        low = 0x90;
    if (lead == 0xF4)
        high = 0x8F;
    if (s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i < len; i++)
        if (s[i] < 0x80 || s[i] > 0xBF)
            return 0;
    return len;
}

bool text_is_utf8(const char *bytes, size_t len)
{
    const unsigned char *s = (const unsigned char *)bytes;
    for (size_t i = 0; i < len;) {
        size_t step = utf8_sequence(s + i, len - i);
        if (step == 0)
            return false;
        i += step;
    }
    return true;
}

char *text_trim(char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    size_t len = strlen(text);
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
        text[--len] = '\0';
    return text;
}
