#include "wire/command_json.h"
#include <string.h>
#include "base/text.h"
#include "wire/json_in.h"
#include "wire/json_out.h"

void command_resend_params(struct buf *out, const char *boot, int64_t from_seq, int64_t to_seq)
{
    out_object(out, NULL);
    out_text(out, "boot", boot);
    out_int(out, "from_seq", from_seq);
    out_int(out, "to_seq", to_seq);
    out_end_object(out);
}

void command_interval_params(struct buf *out, int64_t interval_s)
{
    out_object(out, NULL);
    out_int(out, "interval_s", interval_s);
    out_end_object(out);
}

void command_write(struct buf *out, const char *command_id, int64_t expires_utc_ms, const char *name, const char *params)
{
    size_t len = strlen(params);
    out_object(out, NULL);
    out_text(out, "command_id", command_id);
    out_instant(out, "expires", expires_utc_ms);
    out_text(out, "command", name);
    if (len > 2) { /* without its braces */
        buf_char(out, ',');
        buf_append(out, params + 1, len - 2);
    }
    out_end_object(out);
}

/* Text of a meter for people: whole characters as far as they fit, none that control a terminal. */
static void tidy(char *dst, size_t size, const char *said)
{
    size_t len = strlen(said);
    if (len >= size)
        for (len = size - 1; len > 0 && ((unsigned char)said[len] & 0xc0) == 0x80;)
            len--;
    for (size_t i = 0; i < len; i++)
        dst[i] = (unsigned char)said[i] < ' ' || said[i] == 127 ? ' ' : said[i];
    dst[len] = '\0';
}

bool command_answer_parse(const char *document, size_t len, struct command_answer *out)
{
    struct command_answer answer = {0};
    enum verdict verdict;
    char detail[DETAIL_SIZE];
    json_t *root = json_in_object(document, len, &verdict, detail);
    const char *command_id = json_string_value(json_object_get(root, "command_id"));
    const char *result = json_string_value(json_object_get(root, "result"));
    const char *said = json_string_value(json_object_get(root, "detail"));
    bool good = command_id && result && text_copy(answer.command_id, sizeof answer.command_id, command_id) &&
                (strcmp(result, "done") == 0 || strcmp(result, "refused") == 0);
    if (good) {
        answer.done = strcmp(result, "done") == 0;
        if (said)
            tidy(answer.detail, sizeof answer.detail, said);
        *out = answer;
    }
    json_decref(root);
    return good;
}
