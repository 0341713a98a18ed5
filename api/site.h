/*
 * The web app's files. Assets under /assets/ carry a hash in their name and never change; every other path without an
 * extension is the app's own to show: index.html. A missing asset is a 404, not the app.
 */
#ifndef API_SITE_H
#define API_SITE_H

#include <stdbool.h>
#include "api/exchange.h"

#define SITE_FILE_MAX (8 * 1024 * 1024)

/* GET of a path that is not the API's. */
void site_get(struct exchange *x);

/*
 * Whether a path may name a file below the root: segments of A-Z a-z 0-9 . _ - @ + that do not begin with a dot. Pure.
 */
bool site_path_is_safe(const char *path);
/* The last segment has an extension. Pure. */
bool site_path_is_file(const char *path);
/* By extension; "application/octet-stream" for one that is unknown. Pure. */
const char *site_content_type(const char *path);

#endif
