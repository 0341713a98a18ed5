/*
 * A file's rows in their true order, for labels that do not tell it: where a clock was set back, or
 * a tool rewrote the labels of the hour that a clock skips, some stand there twice and another
 * column knows which came first.
 *
 * The rows of a meter are ordered by label; where labels that are at most one step apart stand
 * there more than once, these rows are ordered by the column's number instead. The number decides
 * nowhere else: real keys of this kind go up within a stretch only and begin anew at another value
 * (SGSC's calendar_key does so every day or two). The places in the file that a meter's rows have
 * stay that meter's, so that meters are mixed as they were.
 *
 * A row also learns the usual step of its meter's rows: a label that is not later than its
 * predecessor's instant stands for one such step after it (replay_row_instant).
 *
 * The whole file is held in memory, up to ORDER_ROWS_MAX rows and ORDER_TEXT_MAX bytes of what is
 * used of them.
 */
#ifndef METER_REPLAY_ORDER_H
#define METER_REPLAY_ORDER_H

#include "meter/replay_file.h"

#define ORDER_ROWS_MAX 20000000
#define ORDER_TEXT_MAX (1u << 30)

struct replay_order;

/* Reads the file to its end. ERR_LIMIT: it is too large to be ordered; ERR_INVALID: it is broken.
 */
enum err replay_order_load(struct replay_file *file, struct fault *fault, struct replay_order **out);
void replay_order_destroy(struct replay_order *order); /* NULL-safe */

/* The shortest usual step of a meter; 0 where no meter's rows tell one in whole seconds. */
int64_t replay_order_step_ms(const struct replay_order *order);

/* As replay_file_next; the row's texts live as long as the order. */
enum err replay_order_next(struct replay_order *order, struct fault *fault, struct replay_row *out);

#endif
