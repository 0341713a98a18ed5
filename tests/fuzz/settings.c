/* A configuration file, by the ingestor's own table. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "daemon/settings.h"
#include "ingestor/settings.h"
#include "tests/fuzz/fuzz.h"

static char *no_environment(const char *name)
{
    (void)name;
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ingestor_settings settings = {0};
    struct fault fault = {0};
    enum settings_wish wish;
    char path[64];
    int operand, fd = memfd_create("settings", 0);
    must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    char *argv[] = {"qw-ingestor", "--config", path, NULL};
    enum err err = settings_load(&ingestor_program, 3, argv, no_environment, &settings, &fault, &wish, &operand);
    must(err == OK || fault.text[0]);
    if (err == OK && wish == SETTINGS_RUN) {
        must(settings.mqtt_port >= 1 && settings.mqtt_port <= 65535);
        must(settings.batch_messages >= 1 && settings.ledger_db && settings.records_db);
    }
    settings_finish(&ingestor_program, &settings);
    close(fd);
    return 0;
}
