/*
 * What other threads have to say to a meter's main loop: receipts and commands that came, the
 * connection's state, and what a person asked for at the menu. Bounded; what does not fit is
 * dropped and counted (receipts and commands come again, the state is told by the newest).
 */
#ifndef METER_MAILBOX_H
#define METER_MAILBOX_H

#include "wire/device_json.h"

#define MAILBOX_MAX 256

enum mail_kind { MAIL_RECEIPT, MAIL_COMMAND, MAIL_UP, MAIL_DOWN, MAIL_RATE, MAIL_RATE_CHANGE };

struct mail {
    enum mail_kind kind;
    union {
        struct device_receipt receipt;
        struct device_command command;
        int64_t watts; /* the rate, or how it changes */
        char why[160];
    } is;
};

struct mailbox;

struct mailbox *mailbox_create(void); /* NULL: no memory, or no descriptor */
void mailbox_destroy(struct mailbox *mailbox);

/* False: full. From any thread. */
bool mailbox_post(struct mailbox *mailbox, const struct mail *mail);
/* False: empty. */
bool mailbox_take(struct mailbox *mailbox, struct mail *out);
/* Readable while there may be mail. */
int mailbox_fd(const struct mailbox *mailbox);
uint64_t mailbox_dropped(struct mailbox *mailbox);

#endif
