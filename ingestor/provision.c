/*
 * Provisioning: a new device asks for an identity (protocol.md, "Onboarding"). The same serial and claim code always get the same meter, with a
 * fresh password; a wrong code is refused and raises an operator alert. Attempts are limited, since each costs an argon2id verification.
 */
#include <stdio.h>
#include <string.h>
#include "access/broker_login.h"
#include "access/password.h"
#include "base/instant.h"
#include "base/text.h"
#include "ingestor/context.h"

#define CLAIMS_PER_MINUTE 120

static void answer(struct pipeline *pipeline, const char *nonce, const struct buf *payload)
{
    if (pipeline->answer_count == ANSWERS_MAX)
        return; /* the device asks again */
    struct waiting_answer *slot = &pipeline->answers[pipeline->answer_count++];
    snprintf(slot->topic, sizeof slot->topic, "provision/responses/%s", nonce);
    text_copy(slot->payload, sizeof slot->payload, payload->data);
}

static void refuse(struct pipeline *pipeline, const char *nonce, const char *words)
{
    buf_reset(&pipeline->scratch);
    provision_error_write(&pipeline->scratch, words);
    answer(pipeline, nonce, &pipeline->scratch);
}

/* The meter that a claim yields: the one it was tied to, else a new one named by the serial. */
static enum err meter_of_claim(struct pipeline *pipeline, const struct claim_record *claim, const struct provision_request *request,
                               struct fault *fault, struct point_record *out)
{
    struct records *records = pipeline->parts.records;
    struct actor actor = {"ingestor", pipeline->now_utc_ms};
    if (claim->meter_no)
        return records_point_by_no(records, claim->meter_no, fault, out);
    char tz[RECORD_SETTING_SIZE];
    point_record_init(out);
    enum err err = records_setting_get(records, "default_tz", pipeline->now_utc_ms, fault, tz);
    if (err != OK)
        return err;
    text_copy(out->tz, sizeof out->tz, tz);
    if (!text_copy(out->meter_id, sizeof out->meter_id, request->serial))
        return fault_set(fault, ERR_INVALID, "the serial is too long for a name");
    err = records_point_add(records, &actor, out, fault, &out->meter_no);
    return err == ERR_CONFLICT ? records_point_by_id(records, out->meter_id, fault, out) : err;
}

/* A model's name as far as names go: other characters become '_'. */
static void model_name(const char *model, char *out, size_t size)
{
    text_copy(out, size, model);
    for (char *c = out; *c; c++)
        if (!text_is_name(c, 1))
            *c = '_';
}

static enum err install_device(struct pipeline *pipeline, const struct point_record *point, const struct provision_request *request,
                               struct fault *fault)
{
    struct actor actor = {"ingestor", pipeline->now_utc_ms};
    struct device_record device = {.meter_no = point->meter_no, .installed_from_utc_ms = pipeline->now_utc_ms, .installed_until_utc_ms = INT64_MAX};
    int64_t device_no;
    if (strcmp(point->serial, request->serial) == 0)
        return OK;
    text_copy(device.serial, sizeof device.serial, request->serial);
    model_name(request->model, device.model, sizeof device.model);
    enum err err = records_device_exchange(pipeline->parts.records, &actor, &device, fault, &device_no);
    return err == ERR_CONFLICT || err == ERR_INVALID ? OK : err; /* a device that cannot be described must not keep its meter out */
}

static enum err grant(struct pipeline *pipeline, const char *nonce, const struct claim_record *claim, const struct provision_request *request,
                      struct fault *fault)
{
    struct records *records = pipeline->parts.records;
    struct actor actor = {"ingestor", pipeline->now_utc_ms};
    struct point_record point;
    char password[PASSWORD_TEXT_SIZE], hash[BROKER_HASH_SIZE];
    enum err err = meter_of_claim(pipeline, claim, request, fault, &point);
    if (err == OK)
        err = records_claim_bind(records, &actor, claim->serial, point.meter_no, fault);
    if (err == OK)
        err = install_device(pipeline, &point, request, fault);
    password_generate(password);
    if (err == OK)
        err = broker_login_hash(password, fault, hash);
    if (err == OK)
        err = records_login_meter_put(records, &actor, point.meter_no, hash, fault);
    if (err != OK)
        return err;
    pipeline->logins_changed = true;
    buf_reset(&pipeline->scratch);
    provision_answer_write(&pipeline->scratch, point.meter_id, point.meter_id, password);
    answer(pipeline, nonce, &pipeline->scratch);
    return OK;
}

static void refused_code(struct pipeline *pipeline, const char *nonce, const char *serial)
{
    char pt_br[ALERT_TEXT_SIZE], en[ALERT_TEXT_SIZE];
    struct fault fault = {0};
    snprintf(pt_br, sizeof pt_br, "Um aparelho pediu a identidade do número de série %s com outro código.", serial);
    snprintf(en, sizeof en, "A device asked for the identity of serial %s with another claim code.", serial);
    pipeline->claim_refused_utc_ms = pipeline->now_utc_ms;
    enum err err = alert_system(pipeline, ALERT_CLAIM_REFUSED, true, 1, pt_br, en, &fault);
    if (err != OK)
        store_failed(pipeline, err, &fault);
    refuse(pipeline, nonce, "this serial cannot be claimed with this code");
}

static bool too_many(struct pipeline *pipeline)
{
    int64_t minute = instant_floor(pipeline->now_utc_ms, MS_PER_MIN);
    if (minute != pipeline->claim_minute_utc_ms) {
        pipeline->claim_minute_utc_ms = minute;
        pipeline->claims_in_minute = 0;
    }
    return pipeline->claims_in_minute++ >= CLAIMS_PER_MINUTE;
}

void provision_request(struct pipeline *pipeline, const char *nonce, const struct message *message)
{
    struct provision_request request;
    struct claim_record claim = {0};
    struct fault fault = {0};
    char detail[160] = "";
    if (too_many(pipeline)) {
        refuse(pipeline, nonce, "too many requests; try again in a minute");
        return;
    }
    if (provision_parse(message->payload, message->payload_len, &request, detail) != VERDICT_ACCEPTED) {
        refuse(pipeline, nonce, detail);
        return;
    }
    enum err err = records_claim_lookup(pipeline->parts.records, request.serial, &fault, &claim);
    if (err != OK && err != ERR_NOT_FOUND && err != ERR_INVALID) {
        store_failed(pipeline, err, &fault);
        return;
    }
    /* An unknown serial costs the same as a wrong code. */
    if (!password_verify(err == OK ? claim.code_hash : NULL, request.claim_code)) {
        if (err == OK)
            refused_code(pipeline, nonce, request.serial);
        else
            refuse(pipeline, nonce, "this serial cannot be claimed with this code");
        return;
    }
    err = grant(pipeline, nonce, &claim, &request, &fault);
    if (err == ERR_INVALID || err == ERR_CONFLICT || err == ERR_NOT_FOUND || err == ERR_LIMIT)
        refuse(pipeline, nonce, fault.text);
    else if (err != OK)
        store_failed(pipeline, err, &fault);
}
