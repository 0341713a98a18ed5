#include "meter/card.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "daemon/files.h"
#include "meter/nonce.h"

static bool card_path(const char *dir, char *out, size_t size)
{
    int n = snprintf(out, size, "%s/identity.json", dir);
    return n > 0 && (size_t)n < size;
}

enum err card_save(const char *dir, const struct device_card *card, struct fault *fault)
{
    char path[4200];
    struct buf text;
    if (!card_path(dir, path, sizeof path))
        return fault_set(fault, ERR_INVALID, "dir is too long");
    buf_init(&text, DEVICE_DOCUMENT_MAX);
    device_card_encode(&text, card);
    buf_char(&text, '\n');
    enum err err = text.overflow ? fault_set(fault, ERR_FATAL, "no memory for %s", path) : file_write_atomic(path, text.data, text.len, 0600, fault);
    explicit_bzero(text.data, text.len);
    buf_finish(&text);
    return err;
}

static enum err begin_card(const char *dir, const char *serial, struct fault *fault, struct device_card *card)
{
    char made_up[11];
    enum err err = nonce_make(sizeof made_up - 1, fault, made_up);
    if (err != OK)
        return err;
    if (serial[0] != '\0' && !text_copy(card->serial, sizeof card->serial, serial))
        return fault_set(fault, ERR_INVALID, "serial has at most %zu bytes", sizeof card->serial - 1);
    if (serial[0] == '\0')
        snprintf(card->serial, sizeof card->serial, "qw-%s", made_up);
    return card_save(dir, card, fault);
}

enum err card_load(const char *dir, const char *serial, struct fault *fault, struct device_card *out)
{
    char path[4200];
    struct buf text;
    struct device_card card = {0};
    if (!card_path(dir, path, sizeof path))
        return fault_set(fault, ERR_INVALID, "dir is too long");
    buf_init(&text, DEVICE_DOCUMENT_MAX);
    enum err err = file_read(path, fault, &text);
    if (err == ERR_NOT_FOUND)
        err = begin_card(dir, serial, fault, &card);
    else if (err == OK && (err = device_card_parse(text.data, text.len, fault, &card)) == OK && serial[0] != '\0' && strcmp(serial, card.serial) != 0)
        err = fault_set(fault, ERR_CONFLICT, "%s belongs to the serial %s", path, card.serial);
    buf_finish(&text);
    if (err == OK)
        *out = card;
    return err;
}
