/*
 * Brazil's B1 tariffs as ANEEL publishes them → `tariff/1` documents: per distributor the conventional tariff, Tarifa Social and Desconto Social
 * where their figures are known, and Tarifa Branca where prices and windows are. Figures only; taxes are those of the source where it has them. Pure.
 */
#ifndef WIRE_IMPORT_BR_H
#define WIRE_IMPORT_BR_H

#include <stddef.h>
#include "base/buf.h"
#include "base/err.h"

struct br_source {
    const char
        *tariffs; /* JSON {"rows": [{distributor, valid_from, act, residential {te, tusd}, tarifa_social, desconto_social_to_120kwh}]}, R$/MWh */
    size_t tariffs_len;
    const char *flags; /* ANEEL's CSV of flags: generated;month;name;R$/MWh with a decimal comma */
    size_t flags_len;
    const char *branca; /* JSON of one distributor with Tarifa Branca, ICMS brackets, PIS/COFINS and later flags; NULL: none */
    size_t branca_len;
};

/* Calls `each` with every document; stops when it does not return OK, and returns that. ERR_INVALID: the source is not what is expected. */
enum err br_import(const struct br_source *source, enum err (*each)(const char *tariff_id, const struct buf *document, void *arg), void *arg,
                   struct fault *fault);

#endif
