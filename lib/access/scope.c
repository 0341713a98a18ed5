#include "access/scope.h"
#include <string.h>

static const struct {
    enum scope scope;
    const char *name;
    enum role least; /* the humblest role that has it */
} scopes[] = {
    {SCOPE_READINGS_READ, "readings:read", ROLE_CUSTOMER},     {SCOPE_METERS_READ, "meters:read", ROLE_CUSTOMER},
    {SCOPE_METERS_WRITE, "meters:write", ROLE_OPERATOR},       {SCOPE_BILLS_READ, "bills:read", ROLE_CUSTOMER},
    {SCOPE_BILLS_WRITE, "bills:write", ROLE_OPERATOR},         {SCOPE_TARIFFS_READ, "tariffs:read", ROLE_CUSTOMER},
    {SCOPE_TARIFFS_WRITE, "tariffs:write", ROLE_OPERATOR},     {SCOPE_ALERTS_READ, "alerts:read", ROLE_CUSTOMER},
    {SCOPE_ALERTS_WRITE, "alerts:write", ROLE_CUSTOMER},       {SCOPE_CUSTOMERS_READ, "customers:read", ROLE_OPERATOR},
    {SCOPE_CUSTOMERS_WRITE, "customers:write", ROLE_OPERATOR}, {SCOPE_QUALITY_READ, "quality:read", ROLE_CUSTOMER},
    {SCOPE_ESTIMATES_WRITE, "estimates:write", ROLE_OPERATOR}, {SCOPE_FLEET_READ, "fleet:read", ROLE_OPERATOR},
    {SCOPE_TOKENS_WRITE, "tokens:write", ROLE_CUSTOMER},       {SCOPE_ADMIN, "admin", ROLE_ADMIN},
};
_Static_assert(sizeof(scopes) / sizeof(scopes[0]) == SCOPE_COUNT, "every scope has its row");

static const char *const role_names[] = {"customer", "operator", "admin"};

bool role_parse(const char *name, enum role *out)
{
    for (int i = 0; i < 3; i++) {
        if (strcmp(name, role_names[i]) == 0) {
            *out = (enum role)i;
            return true;
        }
    }
    return false;
}

const char *role_name(enum role role)
{
    return role_names[role];
}

scope_set role_scopes(enum role role)
{
    scope_set set = 0;
    for (size_t i = 0; i < SCOPE_COUNT; i++)
        if (scopes[i].least <= role)
            set |= (scope_set)scopes[i].scope;
    return set;
}

static scope_set find(const char *word, size_t len)
{
    for (size_t i = 0; i < SCOPE_COUNT; i++)
        if (strlen(scopes[i].name) == len && memcmp(scopes[i].name, word, len) == 0)
            return (scope_set)scopes[i].scope;
    return 0;
}

enum err scopes_parse(const char *text, struct fault *fault, scope_set *out)
{
    scope_set set = 0;
    for (;;) {
        text += strspn(text, ", ");
        size_t len = strcspn(text, ", ");
        if (len == 0)
            break;
        scope_set one = find(text, len);
        if (one == 0)
            return fault_set(fault, ERR_INVALID, "there is no scope \"%.*s\"", len > 64 ? 64 : (int)len, text);
        set |= one;
        text += len;
    }
    *out = set;
    return OK;
}

void scopes_format(scope_set set, struct buf *out)
{
    const char *before = "";
    for (size_t i = 0; i < SCOPE_COUNT; i++) {
        if ((set & (scope_set)scopes[i].scope) == 0)
            continue;
        buf_str(out, before);
        buf_str(out, scopes[i].name);
        before = " ";
    }
}

const char *scope_name(enum scope scope)
{
    for (size_t i = 0; i < SCOPE_COUNT; i++)
        if (scopes[i].scope == scope)
            return scopes[i].name;
    return "";
}

scope_set scopes_effective(enum role role, scope_set token_scopes)
{
    return token_scopes == 0 ? role_scopes(role) : role_scopes(role) & token_scopes;
}
