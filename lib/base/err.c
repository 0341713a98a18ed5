#include "base/err.h"
#include <stdarg.h>
#include <stdio.h>
#include "base/text.h"

__attribute__((format(printf, 4, 0))) static void fill(struct fault *fault, enum err code, const char *pointer, const char *format, va_list args)
{
    if (fault == NULL)
        return;
    fault->code = code;
    text_copy(fault->pointer, sizeof(fault->pointer), pointer);
    vsnprintf(fault->text, sizeof(fault->text), format, args);
}

enum err fault_set(struct fault *fault, enum err code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(fault, code, "", format, args);
    va_end(args);
    return code;
}

enum err fault_at(struct fault *fault, enum err code, const char *pointer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(fault, code, pointer, format, args);
    va_end(args);
    return code;
}

const char *err_name(enum err code)
{
    switch (code) {
    case OK:
        return "ok";
    case ERR_RETRY:
        return "retry";
    case ERR_UNCERTAIN:
        return "uncertain";
    case ERR_INVALID:
        return "invalid";
    case ERR_LIMIT:
        return "limit";
    case ERR_NOT_FOUND:
        return "not_found";
    case ERR_CONFLICT:
        return "conflict";
    case ERR_FATAL:
        return "fatal";
    }
    return "unknown";
}
