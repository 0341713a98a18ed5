#include "meter/mailbox.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { RESERVED = 32 }; /* places for what is told only once */

struct mailbox {
    pthread_mutex_t lock;
    int fd;
    struct mail mails[MAILBOX_MAX];
    size_t first, count;
    uint64_t dropped;
};

struct mailbox *mailbox_create(void)
{
    struct mailbox *mailbox = calloc(1, sizeof *mailbox);
    if (mailbox == NULL)
        return NULL;
    mailbox->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (mailbox->fd < 0) {
        free(mailbox);
        return NULL;
    }
    pthread_mutex_init(&mailbox->lock, NULL);
    return mailbox;
}

void mailbox_destroy(struct mailbox *mailbox)
{
    if (mailbox == NULL)
        return;
    close(mailbox->fd);
    pthread_mutex_destroy(&mailbox->lock);
    free(mailbox);
}

bool mailbox_post(struct mailbox *mailbox, const struct mail *mail)
{
    uint64_t one = 1;
    pthread_mutex_lock(&mailbox->lock);
    bool comes_again = mail->kind == MAIL_RECEIPT || mail->kind == MAIL_COMMAND;
    bool fits = mailbox->count < (comes_again ? MAILBOX_MAX - RESERVED : MAILBOX_MAX);
    if (fits)
        mailbox->mails[(mailbox->first + mailbox->count++) % MAILBOX_MAX] = *mail;
    else
        mailbox->dropped++;
    pthread_mutex_unlock(&mailbox->lock);
    ssize_t n = write(mailbox->fd, &one, sizeof one);
    (void)n; /* full means that it is readable already */
    return fits;
}

bool mailbox_take(struct mailbox *mailbox, struct mail *out)
{
    pthread_mutex_lock(&mailbox->lock);
    bool any = mailbox->count > 0;
    if (any) {
        *out = mailbox->mails[mailbox->first];
        mailbox->first = (mailbox->first + 1) % MAILBOX_MAX;
        mailbox->count--;
    } else {
        uint64_t told;
        ssize_t n = read(mailbox->fd, &told, sizeof told);
        (void)n; /* nothing to read is as good */
    }
    pthread_mutex_unlock(&mailbox->lock);
    return any;
}

int mailbox_fd(const struct mailbox *mailbox)
{
    return mailbox->fd;
}

uint64_t mailbox_dropped(struct mailbox *mailbox)
{
    pthread_mutex_lock(&mailbox->lock);
    uint64_t dropped = mailbox->dropped;
    pthread_mutex_unlock(&mailbox->lock);
    return dropped;
}
