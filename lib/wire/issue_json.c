#include "wire/issue_json.h"
#include <stdlib.h>
#include <string.h>
#include "base/civil.h"
#include "base/text.h"
#include "wire/json_in.h"
#include "wire/json_out.h"

#define DUMP (JSON_COMPACT | JSON_REAL_PRECISION(15) | JSON_ENCODE_ANY)

static json_t *load(const char *document)
{
    json_t *bill = json_loads(document, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(bill))
        return bill;
    json_decref(bill);
    return NULL;
}

enum err bill_brief_parse(const char *document, struct fault *fault, struct bill_brief *out)
{
    json_t *bill = load(document);
    const json_t *currency = json_object_get(bill, "currency"), *minor = json_object_get(bill, "minor");
    const json_t *total = json_object_get(bill, "total_minor");
    bool good = json_is_string(currency) && json_is_integer(minor) && json_is_integer(total) &&
                text_copy(out->currency, sizeof out->currency, json_string_value(currency));
    if (good) {
        out->minor_digits = (int)json_integer_value(minor);
        out->total_minor = json_integer_value(total);
        out->complete = json_is_true(json_object_get(bill, "complete"));
        out->estimated_beyond = json_is_true(json_object_get(bill, "estimated_beyond"));
    }
    json_decref(bill);
    return good ? OK : fault_set(fault, ERR_INVALID, "this is no bill");
}

bool bill_asks_same(const char *a, const char *b)
{
    static const char *const members[] = {"meter_id",  "account_id",   "currency",       "minor",          "cycle_from",  "cycle_until",
                                          "import_wh", "export_wh",    "billed_wh",      "lines",          "taxes",       "adjustments",
                                          "credits",   "estimated_wh", "subtotal_minor", "rounding_minor", "total_minor", "tariff"};
    json_t *x = load(a), *y = load(b);
    bool same = x != NULL && y != NULL;
    for (size_t i = 0; same && i < sizeof members / sizeof *members; i++) {
        json_t *left = json_object_get(x, members[i]), *right = json_object_get(y, members[i]);
        same = left == right || (left != NULL && right != NULL && json_equal(left, right));
    }
    json_decref(x);
    json_decref(y);
    return same;
}

/* ---- the document ---- */

/* "153.27" → "-153.27"; nothing stays nothing. */
static json_t *negated_text(const char *amount)
{
    char text[64] = "-";
    if (*amount == '-')
        return json_string(amount + 1);
    if (strspn(amount, "0.") == strlen(amount) || !text_copy(text + 1, sizeof text - 1, amount))
        return json_string(amount);
    return json_string(text);
}

static bool negate(json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_integer(value))
        return json_object_set_new(object, key, json_integer(-json_integer_value(value))) == 0;
    if (json_is_string(value))
        return json_object_set_new(object, key, negated_text(json_string_value(value))) == 0;
    return true;
}

/* The lines and taxes of the edition before with their amounts turned round. NULL: no memory. */
static json_t *negated(const json_t *former)
{
    static const char *const lists[] = {"lines", "taxes", "adjustments"};
    json_t *out = json_object();
    bool good = out != NULL;
    for (size_t l = 0; good && l < sizeof lists / sizeof *lists; l++) {
        json_t *list = json_deep_copy(json_object_get(former, lists[l])), *row;
        size_t i;
        if (list == NULL)
            continue;
        json_array_foreach(list, i, row)
        {
            json_t *taxes = json_object_get(row, "tax_included");
            const char *tax;
            void *next;
            json_t *unused;
            good = good && negate(row, "amount") && negate(row, "amount_minor");
            json_object_del(row, "exact_minor");
            json_object_foreach_safe(taxes, next, tax, unused) good = good && negate(taxes, tax);
        }
        good = good && json_object_set_new(out, lists[l], list) == 0;
    }
    for (int i = 0; good && i < 2; i++) {
        const char *key = i == 0 ? "subtotal_minor" : "total_minor";
        good = json_object_set_new(out, key, json_integer(-json_integer_value(json_object_get(former, key)))) == 0;
    }
    if (good)
        return out;
    json_decref(out);
    return NULL;
}

static json_t *adjustment(const json_t *bill, const struct issue_words *words)
{
    json_t *former = load(words->former);
    json_t *turned = former != NULL ? negated(former) : NULL;
    json_t *causes = json_loads(words->causes, 0, NULL);
    json_int_t difference = json_integer_value(json_object_get(bill, "total_minor")) - json_integer_value(json_object_get(former, "total_minor"));
    json_t *out = turned != NULL && causes != NULL ? json_pack("{s:I, s:I, s:O, s:O}", "negates", (json_int_t)words->negates, "difference_minor",
                                                               difference, "negated", turned, "caused_by", causes)
                                                   : NULL;
    json_decref(former);
    json_decref(turned);
    json_decref(causes);
    return out;
}

static bool set_instant(json_t *object, const char *key, int64_t utc_ms)
{
    struct buf text;
    buf_init(&text, 64);
    out_instant(&text, NULL, utc_ms);
    json_t *value = text.data != NULL ? json_loads(text.data, JSON_DECODE_ANY, NULL) : NULL;
    buf_finish(&text);
    return value != NULL && json_object_set_new(object, key, value) == 0;
}

static bool set_day(json_t *object, const char *key, int32_t day)
{
    char text[CIVIL_TEXT_SIZE];
    civil_format(day, text);
    return json_object_set_new(object, key, json_string(text)) == 0;
}

static bool fill(json_t *bill, const struct issue_words *words)
{
    bool good = json_object_set_new(bill, "state", json_string(words->negates != 0 ? "adjusted" : "issued")) == 0 &&
                json_object_set_new(bill, "forecast", json_null()) == 0 && json_object_set_new(bill, "number", json_integer(words->number)) == 0 &&
                json_object_set_new(bill, "edition", json_integer(words->edition)) == 0 && set_instant(bill, "issued_at", words->issued_utc_ms) &&
                set_day(bill, "due_date", words->due_day) && json_object_set_new(bill, "previous_hash", json_string(words->previous_hash)) == 0;
    if (good && words->inputs_hash[0])
        good = json_object_set_new(bill, "inputs_hash", json_string(words->inputs_hash)) == 0;
    if (good && words->negates != 0) {
        json_t *correction = adjustment(bill, words);
        good = correction != NULL && json_object_set_new(bill, "adjustment", correction) == 0;
    }
    return good;
}

enum err issue_write(struct buf *out, const char *draft, const struct issue_words *words, struct fault *fault)
{
    json_t *bill = load(draft);
    if (bill == NULL)
        return fault_set(fault, ERR_INVALID, "this is no bill");
    char *text = fill(bill, words) ? json_dumps(bill, DUMP) : NULL;
    json_decref(bill);
    if (text == NULL)
        return fault_set(fault, ERR_FATAL, "the bill cannot be written");
    buf_append(out, text, strlen(text));
    free(text);
    return OK;
}
