#include "wire/rest_text.h"

#include "base/text.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* How long the character is that begins here; 0: none does. */
static size_t character(const char *bytes, size_t len)
{
    unsigned char lead = (unsigned char)bytes[0];
    size_t wanted = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    return lead != 0 && wanted <= len && text_is_utf8(bytes, wanted) ? wanted : 0;
}

void rest_text_append(struct buf *out, const char *bytes, size_t len)
{
    buf_str(out, "");
    for (size_t at = 0; at < len;) {
        size_t taken = character(bytes + at, len - at);
        if (taken > 0)
            buf_append(out, bytes + at, taken);
        else
            buf_str(out, REPLACEMENT);
        at += taken > 0 ? taken : 1;
    }
}
