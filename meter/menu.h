/*
 * The menu on standard input and output, on a thread of its own. Readings keep flowing whatever a
 * person does here.
 */
#ifndef METER_MENU_H
#define METER_MENU_H

#include "base/err.h"
#include "meter/mailbox.h"
#include "meter/menu_line.h"

struct menu;

struct menu_place {
    enum menu_language language;
    struct mailbox *mailbox;                        /* told the rate */
    void (*view)(struct menu_view *out, void *arg); /* what to show; any thread */
    void *arg;
};

/* Starts the thread. "quit" and the end of the input request the program's stop. */
enum err menu_create(const struct menu_place *place, struct fault *fault, struct menu **out);
void menu_destroy(struct menu *menu); /* stops the thread; NULL-safe */

#endif
