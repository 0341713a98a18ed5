/*
 * What a person types at the menu, in Portuguese or English, and what the menu says. Pure.
 */
#ifndef METER_MENU_LINE_H
#define METER_MENU_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"

#define MENU_STEP_W 100
#define MENU_RATE_MAX_W 100000

enum menu_wish { MENU_NOTHING, MENU_RAISE, MENU_LOWER, MENU_SET, MENU_SHOW, MENU_HELP, MENU_QUIT, MENU_UNKNOWN, MENU_BAD_NUMBER };

struct menu_line {
    enum menu_wish wish;
    int64_t watts; /* raise, lower, set */
};

/* "+", "+ 250", "raise 250", "aumentar", "-", "set 1500", "definir 1500", "1500", "s", "?", "q",
 * "sair" … */
struct menu_line menu_parse(const char *line);

enum menu_language { MENU_EN, MENU_PT };

/* From the setting, else from LANG's value (may be NULL). Anything but Portuguese is English. */
enum menu_language menu_language(const char *setting, const char *lang);

/* What the meter shows. */
struct menu_view {
    char meter_id[65];
    int64_t rate_w, register_wh, kept, interval_ms;
    bool connected;
};

void menu_say_help(enum menu_language language, struct buf *out);
void menu_say_state(enum menu_language language, const struct menu_view *view, struct buf *out);
void menu_say_rate(enum menu_language language, int64_t rate_w, struct buf *out);
void menu_say_unknown(enum menu_language language, bool bad_number, struct buf *out);
void menu_say_goodbye(enum menu_language language, struct buf *out);

#endif
