#include "wire/json_out.h"
#include "wire/reading_json.h"

static void write_phases(struct buf *out, const char *key, const struct phases *phases)
{
    if (phases->count == 0)
        return;
    if (phases->count == 1) {
        out_scaled(out, key, phases->value[0], 3);
        return;
    }
    out_array(out, key);
    for (int i = 0; i < phases->count; i++)
        out_scaled(out, NULL, phases->value[i], 3);
    out_end_array(out);
}

/* Channels that have no field of their own, by OBIS code. */
static void write_codes(struct buf *out, const char *key, const struct reading *reading)
{
    bool opened = false;
    for (int i = 0; i < reading->channel_count; i++) {
        char code[OBIS_TEXT_SIZE];
        int32_t channel = reading->channels[i].channel;
        if (channel == OBIS_IMPORT || (channel == OBIS_EXPORT && reading->kind == FACT_REGISTER))
            continue;
        if (!opened)
            out_object(out, key);
        opened = true;
        obis_format(channel, code);
        out_int(out, code, reading->channels[i].value_wh);
    }
    if (opened)
        out_end_object(out);
}

void reading_fields_write(struct buf *out, const struct reading *reading)
{
    int64_t value;
    out_instant(out, "ts", reading->ts_utc_ms);
    if (reading->kind == FACT_INTERVAL) {
        if (reading_value(reading, OBIS_IMPORT, &value))
            out_int(out, "interval_wh", value);
        write_codes(out, "intervals", reading);
        out_int(out, "interval_s", reading->interval_s);
    } else {
        if (reading_value(reading, OBIS_IMPORT, &value))
            out_int(out, "energy_wh", value);
        if (reading_value(reading, OBIS_EXPORT, &value))
            out_int(out, "export_wh", value);
        write_codes(out, "registers", reading);
    }
    if (reading->has_power)
        out_int(out, "power_w", reading->power_w);
    write_phases(out, "voltage_v", &reading->voltage_mv);
    write_phases(out, "current_a", &reading->current_ma);
    write_phases(out, "power_factor", &reading->power_factor_milli);
    if (reading->frequency_mhz)
        out_scaled(out, "frequency_hz", reading->frequency_mhz, 3);
    if (reading->has_seq)
        out_int(out, "seq", reading->seq);
    if (reading->boot[0])
        out_text(out, "boot", reading->boot);
    if (reading->flags) {
        out_array(out, "flags");
        for (unsigned bit = 1; bit <= FLAG_SERVER_TIME; bit <<= 1)
            if ((reading->flags & bit) && reading_flag_name(bit))
                out_text(out, NULL, reading_flag_name(bit));
        out_end_array(out);
    }
}
