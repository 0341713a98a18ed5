#include "wire/rest_alert.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/instant.h"
#include "wire/json_out.h"

const enum alert_kind rule_kinds[RULES_COUNT] = {ALERT_EXCESS_CONSUMPTION, ALERT_BILL_VARIATION};

enum err rest_alert_acknowledged(struct buf *out, const char *document, const char *by, int64_t at_utc_ms, const char *note, struct fault *fault)
{
    json_t *alert = json_loads(document, 0, NULL);
    if (!json_is_object(alert)) {
        json_decref(alert);
        return fault_set(fault, ERR_FATAL, "a stored alert is not a JSON object");
    }
    char at[INSTANT_TEXT_SIZE];
    instant_format(at_utc_ms, at);
    const char *state = json_string_value(json_object_get(alert, "state"));
    if (state != NULL && strcmp(state, "active") == 0)
        json_object_set_new(alert, "state", json_string("acknowledged"));
    json_object_set_new(alert, "acknowledgement", json_pack("{s:s, s:s, s:s?}", "by", by, "at", at, "note", *note != '\0' ? note : NULL));
    char *text = json_dumps(alert, JSON_COMPACT);
    json_decref(alert);
    if (text == NULL)
        return fault_set(fault, ERR_RETRY, "memory is out");
    out_raw(out, NULL, text);
    free(text);
    return OK;
}

/* Which rule a kind's name means, or -1. */
static int rule_index(const char *kind)
{
    for (int i = 0; i < RULES_COUNT; i++)
        if (strcmp(alert_kind_row(rule_kinds[i])->name, kind) == 0)
            return i;
    return -1;
}

static enum err parse_rule(const char *kind, const json_t *value, struct fault *fault, struct alert_rules *rules)
{
    char pointer[96];
    struct fault inner = {.pointer = ""};
    int i = rule_index(kind);
    if (i < 0) {
        snprintf(pointer, sizeof pointer, "/%.80s", kind);
        return fault_at(fault, ERR_INVALID, pointer, "There is no rule of this name that can be set.");
    }
    if (json_is_null(value))
        return OK;
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (text == NULL)
        return fault_set(fault, ERR_RETRY, "memory is out");
    enum err err = json_is_object(value) ? rule_params_parse(rule_kinds[i], text, strlen(text), &inner, &rules->params[i])
                                         : fault_set(&inner, ERR_INVALID, "An object or null is expected.");
    free(text);
    if (err == OK) {
        rules->set[i] = true;
        return OK;
    }
    snprintf(pointer, sizeof pointer, "/%s%.50s", kind, inner.pointer);
    return fault_at(fault, err, pointer, "%s", inner.text);
}

enum err rest_rules_parse(const char *bytes, size_t len, struct fault *fault, struct alert_rules *out)
{
    struct alert_rules rules;
    memset(&rules, 0, sizeof rules);
    json_error_t error;
    json_t *root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(root)) {
        const char *text = root != NULL ? "A JSON object is expected." : error.text;
        enum err err = fault_set(fault, ERR_INVALID, "This is not a document of rules: %s", text);
        json_decref(root);
        return err;
    }
    const char *key;
    json_t *value;
    enum err err = OK;
    json_object_foreach(root, key, value)
    {
        if ((err = parse_rule(key, value, fault, &rules)) != OK)
            break;
    }
    json_decref(root);
    if (err == OK)
        *out = rules;
    return err;
}

void rest_rules_write(struct buf *out, const struct alert_rules *rules)
{
    out_object(out, NULL);
    for (int i = 0; i < RULES_COUNT; i++) {
        const char *kind = alert_kind_row(rule_kinds[i])->name;
        if (!rules->set[i]) {
            out_null(out, kind);
            continue;
        }
        struct buf params;
        buf_init(&params, 256);
        rule_params_write(&params, rule_kinds[i], &rules->params[i]);
        out_raw(out, kind, params.data);
        buf_finish(&params);
    }
    out_end_object(out);
}

void rest_rules_take(struct alert_rules *rules, const char *kind, const char *params)
{
    int i = rule_index(kind);
    if (i >= 0 && *params != '\0' && rule_params_parse(rule_kinds[i], params, strlen(params), NULL, &rules->params[i]) == OK)
        rules->set[i] = true;
}
