#include "daemon/csv.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/text.h"

enum { READ_AHEAD = 262144 };

struct csv {
    gzFile file;
    char delimiter;
    uint64_t line;
    char buffer[CSV_LINE_MAX + 2];
    char *fields[CSV_FIELDS_MAX];
    char *header_text;
    char *header[CSV_FIELDS_MAX];
    int header_count;
};

/* Reads a line without its end into `buffer`. */
static enum err read_line(struct csv *csv, struct fault *fault)
{
    int code = Z_OK;
    csv->line++;
    if (gzgets(csv->file, csv->buffer, sizeof csv->buffer) == NULL) {
        const char *why = gzerror(csv->file, &code);
        return code < 0 ? fault_set(fault, ERR_INVALID, "line %llu: %s", (unsigned long long)csv->line, why) : ERR_NOT_FOUND;
    }
    size_t len = strlen(csv->buffer);
    if (len == sizeof csv->buffer - 1 && csv->buffer[len - 1] != '\n') {
        int c;
        while ((c = gzgetc(csv->file)) != -1 && c != '\n')
            ;
        return fault_set(fault, ERR_LIMIT, "line %llu is longer than %d bytes", (unsigned long long)csv->line, CSV_LINE_MAX);
    }
    while (len > 0 && (csv->buffer[len - 1] == '\n' || csv->buffer[len - 1] == '\r'))
        csv->buffer[--len] = '\0';
    return OK;
}

/* Ends a quoted field in place; returns what follows it. */
static char *unquote(char *at)
{
    char *to = at;
    for (at++; *at != '\0'; at++) {
        if (*at == '"' && at[1] == '"')
            at++;
        else if (*at == '"') {
            at++;
            break;
        }
        *to++ = *at;
    }
    char *rest = at;
    if (to < rest)
        *to = '\0';
    return rest;
}

/* Cuts a line in place. Fields beyond the maximum are left out. */
static int split(char *at, char delimiter, char **fields)
{
    int count = 0;
    for (bool more = true; more && count < CSV_FIELDS_MAX;) {
        fields[count++] = at;
        if (*at == '"')
            at = unquote(at);
        while (*at != '\0' && *at != delimiter)
            at++;
        more = *at == delimiter;
        *at++ = '\0';
    }
    return count;
}

static char most_frequent(const char *header)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    char best = ',';
    size_t most = 0;
    for (size_t i = 0; i < sizeof candidates; i++) {
        size_t n = 0;
        for (const char *at = header; *at != '\0'; at++)
            n += *at == candidates[i];
        if (n > most) {
            most = n;
            best = candidates[i];
        }
    }
    return best;
}

enum err csv_open(const char *path, char delimiter, struct fault *fault, struct csv **out)
{
    struct csv *csv = calloc(1, sizeof *csv);
    if (csv == NULL)
        return fault_set(fault, ERR_FATAL, "no memory for %s", path);
    csv->file = gzopen(path, "rb");
    if (csv->file == NULL) {
        csv_close(csv);
        return fault_set(fault, ERR_INVALID, "cannot open %s", path);
    }
    gzbuffer(csv->file, READ_AHEAD);
    enum err err = read_line(csv, fault);
    if (err == ERR_NOT_FOUND)
        err = fault_set(fault, ERR_INVALID, "%s is empty", path);
    const char *start = strncmp(csv->buffer, "\xef\xbb\xbf", 3) == 0 ? csv->buffer + 3 : csv->buffer; /* a byte order mark */
    if (err == OK && (csv->header_text = strdup(start)) == NULL)
        err = fault_set(fault, ERR_FATAL, "no memory for %s", path);
    if (err != OK) {
        csv_close(csv);
        return err;
    }
    csv->delimiter = delimiter != '\0' ? delimiter : most_frequent(start);
    csv->header_count = split(csv->header_text, csv->delimiter, csv->header);
    *out = csv;
    return OK;
}

void csv_close(struct csv *csv)
{
    if (csv == NULL)
        return;
    if (csv->file != NULL)
        gzclose(csv->file);
    free(csv->header_text);
    free(csv);
}

enum err csv_column(const struct csv *csv, const char *name, struct fault *fault, int *out)
{
    char names[160] = "";
    int64_t n;
    if (name[0] == '#' && text_to_int64(name + 1, &n) && n >= 1 && n <= csv->header_count) {
        *out = (int)n - 1;
        return OK;
    }
    for (int i = 0; i < csv->header_count; i++) {
        if (strcmp(csv->header[i], name) == 0) {
            *out = i;
            return OK;
        }
        if (strlen(names) + strlen(csv->header[i]) + 3 < sizeof names) {
            strcat(names, i > 0 ? ", " : "");
            strcat(names, csv->header[i]);
        }
    }
    return fault_set(fault, ERR_NOT_FOUND, "no column %s; there are %s", name, names);
}

enum err csv_next(struct csv *csv, struct fault *fault, char ***out_fields, int *out_count)
{
    enum err err;
    do
        err = read_line(csv, fault);
    while (err == OK && csv->buffer[0] == '\0');
    if (err != OK)
        return err;
    *out_count = split(csv->buffer, csv->delimiter, csv->fields);
    *out_fields = csv->fields;
    return OK;
}

uint64_t csv_line(const struct csv *csv)
{
    return csv->line;
}

const char *csv_header(const struct csv *csv, int column)
{
    return column < csv->header_count ? csv->header[column] : NULL;
}
