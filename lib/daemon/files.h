/*
 * Small files, whole: settings, keys, the broker's password file, TZif.
 */
#ifndef DAEMON_FILES_H
#define DAEMON_FILES_H

#include <stddef.h>
#include <sys/types.h>
#include "base/buf.h"
#include "base/err.h"

/*
 * Appends a file's bytes to `out`, whose maximum is the file's. ERR_NOT_FOUND, ERR_LIMIT (larger than
 * fits), ERR_INVALID (not a regular file), ERR_RETRY (any other refusal by the system). The fault names the path.
 */
enum err file_read(const char *path, struct fault *fault, struct buf *out);

/*
 * Writes a file so that a reader, or a crash, sees the former or the new contents and nothing between: a
 * temporary beside it, fsync, rename, fsync of the folder. `mode` is set exactly, whatever the umask.
 * ERR_RETRY when the system refuses; the former file is untouched then. ERR_UNCERTAIN when only the last
 * fsync failed.
 */
enum err file_write_atomic(const char *path, const void *bytes, size_t len, mode_t mode, struct fault *fault);

#define SECRET_SIZE 1024
/*
 * Reads the one line of a secret file, without its line end, into out[SECRET_SIZE]. Errors as file_read, and
 * ERR_INVALID when it is empty, has a second line or a NUL, or when others than owner and group may read it.
 */
enum err file_read_secret(const char *path, struct fault *fault, char out[SECRET_SIZE]);

/*
 * Holds "<path>.lock" for this process alone, until `*out_fd` is closed or the process ends, however it ends; the lock file stays. The same file by
 * another name (a link, a relative path) is the same. ERR_CONFLICT: another process holds it; the fault says which. ERR_RETRY when the system
 * refuses.
 */
enum err file_lock_beside(const char *path, struct fault *fault, int *out_fd);

#endif
