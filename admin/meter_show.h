/* `qw meter list` and `qw meter show`. */
#ifndef ADMIN_METER_SHOW_H
#define ADMIN_METER_SHOW_H

#include "admin/command.h"

extern const struct arg_row meter_list_rows[], meter_show_rows[];
enum err meter_list_run(struct qw *qw, const struct args *args, struct fault *fault);
enum err meter_show_run(struct qw *qw, const struct args *args, struct fault *fault);

#endif
