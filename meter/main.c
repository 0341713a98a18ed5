/*
 * qw-meter: one meter (--dir), a fleet (--fleet N) or a replay (--replay FILE).
 */
#include <stdio.h>

#include "daemon/log.h"
#include "daemon/stop.h"
#include "meter/fleet.h"
#include "meter/options.h"
#include "meter/replay.h"
#include "meter/single.h"

int main(int argc, char *argv[])
{
    struct options options = {0};
    struct fault fault;
    int code = program_start(&meter_program, argc, argv, &options, NULL);
    if (code >= 0)
        return code;
    if (stop_install(&fault) != OK) {
        log_error("cannot listen to signals", LOG_FAULT(&fault));
        code = 1;
    } else if (options.fleet > 0) {
        code = fleet_run(&options);
    } else if (options.replay[0] != '\0') {
        code = replay_run(&options);
    } else {
        code = single_run(&options);
    }
    settings_finish(&meter_program, &options);
    return code;
}
