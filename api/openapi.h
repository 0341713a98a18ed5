/* The contract, api/openapi.yaml, as it was when the program was built. */
#ifndef API_OPENAPI_H
#define API_OPENAPI_H

#include <stddef.h>

extern const char openapi_text[];
extern const size_t openapi_len;

#endif
