#include "meter/menu.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/stop.h"

enum { LINE_MAX_BYTES = 200, SAY_MAX = 4096 };

struct menu {
    struct menu_place place;
    pthread_t thread;
    char line[LINE_MAX_BYTES + 1];
    size_t len;
    bool too_long;
    struct buf say;
};

static void flush(struct menu *menu)
{
    size_t done = 0;
    while (done < menu->say.len) {
        ssize_t n = write(STDOUT_FILENO, menu->say.data + done, menu->say.len - done);
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    buf_reset(&menu->say);
}

static void change(struct menu *menu, enum mail_kind kind, int64_t watts)
{
    struct menu_view view;
    menu->place.view(&view, menu->place.arg);
    int64_t rate = kind == MAIL_RATE ? watts : view.rate_w + watts;
    rate = rate < 0 ? 0 : rate > MENU_RATE_MAX_W ? MENU_RATE_MAX_W : rate;
    if (mailbox_post(menu->place.mailbox, &(struct mail){.kind = kind, .is.watts = watts}))
        menu_say_rate(menu->place.language, rate, &menu->say);
}

/* False when the person wants to leave. */
static bool obey(struct menu *menu, const char *text)
{
    struct menu_line line = menu_parse(text);
    struct menu_view view;
    enum menu_language language = menu->place.language;
    switch (line.wish) {
    case MENU_NOTHING:
        break;
    case MENU_RAISE:
        change(menu, MAIL_RATE_CHANGE, line.watts);
        break;
    case MENU_LOWER:
        change(menu, MAIL_RATE_CHANGE, -line.watts);
        break;
    case MENU_SET:
        change(menu, MAIL_RATE, line.watts);
        break;
    case MENU_SHOW:
        menu->place.view(&view, menu->place.arg);
        menu_say_state(language, &view, &menu->say);
        break;
    case MENU_HELP:
        menu_say_help(language, &menu->say);
        break;
    case MENU_QUIT:
        menu_say_goodbye(language, &menu->say);
        return false;
    case MENU_UNKNOWN:
    case MENU_BAD_NUMBER:
        menu_say_unknown(language, line.wish == MENU_BAD_NUMBER, &menu->say);
        break;
    }
    return true;
}

/* Takes bytes, obeys whole lines. False when the person wants to leave. */
static bool take(struct menu *menu, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] == '\n') {
            menu->line[menu->len] = '\0';
            bool stay = obey(menu, menu->too_long ? "too long" : menu->line);
            menu->len = 0;
            menu->too_long = false;
            if (!stay)
                return false;
            buf_str(&menu->say, "> ");
        } else if (menu->len < LINE_MAX_BYTES) {
            menu->line[menu->len++] = bytes[i];
        } else {
            menu->too_long = true;
        }
    }
    return true;
}

static void *run(void *arg)
{
    struct menu *menu = arg;
    struct menu_view view;
    char bytes[256];
    menu->place.view(&view, menu->place.arg);
    menu_say_state(menu->place.language, &view, &menu->say);
    menu_say_help(menu->place.language, &menu->say);
    buf_str(&menu->say, "> ");
    for (bool stay = true; stay;) {
        flush(menu);
        struct pollfd fds[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = stop_fd(), .events = POLLIN}};
        if (poll(fds, 2, -1) < 0)
            continue;
        if (fds[1].revents != 0)
            return NULL;
        ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);
        stay = n > 0 && take(menu, bytes, (size_t)n);
    }
    flush(menu);
    stop_request();
    return NULL;
}

enum err menu_create(const struct menu_place *place, struct fault *fault, struct menu **out)
{
    struct menu *menu = calloc(1, sizeof *menu);
    if (menu == NULL)
        return fault_set(fault, ERR_FATAL, "no memory for the menu");
    menu->place = *place;
    buf_init(&menu->say, SAY_MAX);
    if (pthread_create(&menu->thread, NULL, run, menu) != 0) {
        buf_finish(&menu->say);
        free(menu);
        return fault_set(fault, ERR_RETRY, "no thread for the menu");
    }
    *out = menu;
    return OK;
}

void menu_destroy(struct menu *menu)
{
    if (menu == NULL)
        return;
    stop_request(); /* wakes the thread; whoever destroys the menu is leaving */
    pthread_join(menu->thread, NULL);
    buf_finish(&menu->say);
    free(menu);
}
