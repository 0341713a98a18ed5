#include "wire/tariff_json.h"
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "wire/json_in.h"
#include "wire/tariff/inner.h"

static enum err versions_in(json_t *json, const struct place *place)
{
    struct tariff *tariff = place->tariff;
    size_t count = json_array_size(json);
    if (!json_is_array(json) || count < 1 || count > TARIFF_VERSIONS_MAX)
        return wrong_at(place, "1 to %d versions are expected", TARIFF_VERSIONS_MAX);
    tariff->versions = tariff_alloc(tariff, count * sizeof *tariff->versions);
    if (!tariff->versions)
        return fault_set(place->fault, ERR_FATAL, "no memory");
    for (size_t i = 0; i < count; i++) {
        struct place at = place_at(place, i);
        at.version = &tariff->versions[i];
        enum err err = version_in(json_array_get(json, i), &at);
        if (err != OK)
            return err;
        if (i > 0 && tariff->versions[i].from_day < tariff->versions[i - 1].from_day)
            return wrong_in(&at, "from", "versions stand in the order of their \"from\"");
        tariff->version_count = (int)i + 1;
    }
    return OK;
}

static enum err document_in(json_t *root, const struct place *place)
{
    struct tariff *tariff = place->tariff;
    const char *schema = json_string_value(json_object_get(root, "schema"));
    char name[256];
    if (!schema || strcmp(schema, "tariff/1") != 0)
        return wrong_in(place, "schema", "\"tariff/1\" is expected");
    enum err err = only_keys(root, place, "schema id name currency minor tz versions");
    if (err == OK)
        err = text_in(root, "id", place, MUST, tariff->tariff_id, sizeof tariff->tariff_id);
    if (err == OK && !text_is_name(tariff->tariff_id, strlen(tariff->tariff_id)))
        err = wrong_in(place, "id", "1 to 64 of A-Z a-z 0-9 . _ - are expected");
    if (err == OK)
        err = text_in(root, "name", place, MAY, name, sizeof name);
    if (err == OK)
        err = text_in(root, "currency", place, MUST, tariff->currency, sizeof tariff->currency);
    if (err == OK && (strlen(tariff->currency) != 3 || strspn(tariff->currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3))
        err = wrong_in(place, "currency", "an ISO 4217 code of three capital letters is expected");
    if (err == OK)
        err = text_in(root, "tz", place, MAY, tariff->tz, sizeof tariff->tz);
    tariff->minor_digits = 2;
    if (err == OK)
        err = int_key_in(root, "minor", place, 0, 4, &tariff->minor_digits);
    struct place at = place_in(place, "versions");
    return err == OK ? versions_in(json_object_get(root, "versions"), &at) : err;
}

enum err tariff_parse(const char *text, size_t len, struct fault *fault, struct tariff **out)
{
    enum verdict verdict;
    char detail[DETAIL_SIZE];
    if (len > TARIFF_DOCUMENT_MAX)
        return fault_set(fault, ERR_INVALID, "a tariff document is at most 1 MiB");
    json_t *root = json_in_object(text, len, &verdict, detail);
    if (!root)
        return fault_at(fault, ERR_INVALID, "", "%s", detail);
    struct tariff *tariff = calloc(1, sizeof *tariff);
    struct place place = {.fault = fault, .tariff = tariff};
    enum err err = tariff ? document_in(root, &place) : fault_set(fault, ERR_FATAL, "no memory");
    json_decref(root);
    if (err != OK) {
        tariff_destroy(tariff);
        return err;
    }
    fingerprint(text, len, tariff->version_hash);
    *out = tariff;
    return OK;
}

void tariff_destroy(struct tariff *tariff)
{
    if (!tariff)
        return;
    tariff_release(tariff);
    free(tariff);
}
