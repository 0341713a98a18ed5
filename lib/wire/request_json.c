#include "wire/request_json.h"
#include "base/text.h"
#include "wire/json_in.h"
#include "wire/json_out.h"

bool request_meter_parse(const char *params, size_t len, char out_meter_id[METER_ID_SIZE])
{
    enum verdict verdict;
    char detail[DETAIL_SIZE], meter_id[METER_ID_SIZE] = "";
    json_t *root = json_in_object(params, len, &verdict, detail);
    const json_t *named = root ? json_object_get(root, "meter_id") : NULL;
    bool good = root && (!named || (json_is_string(named) && text_copy(meter_id, sizeof meter_id, json_string_value(named))));
    json_decref(root);
    if (good)
        text_copy(out_meter_id, METER_ID_SIZE, meter_id);
    return good;
}

void request_meter_write(struct buf *out, const char *meter_id)
{
    out_object(out, NULL);
    if (meter_id[0])
        out_text(out, "meter_id", meter_id);
    out_end_object(out);
}
