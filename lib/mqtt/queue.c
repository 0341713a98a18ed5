#include "mqtt/queue.h"

#include <stdlib.h>
#include <string.h>

bool queue_init(struct queue *queue, size_t slot_count, void *slot_owner)
{
    *queue = (struct queue){.slot_count = slot_count};
    queue->slots = calloc(slot_count, sizeof *queue->slots);
    if (queue->slots == NULL)
        return false;
    for (size_t i = slot_count; i > 0; i--) {
        struct slot *slot = &queue->slots[i - 1];
        slot->owner = slot_owner;
        slot->next_free = queue->free_slots;
        queue->free_slots = slot;
    }
    return true;
}

static void free_list(struct outgoing *message)
{
    while (message != NULL) {
        struct outgoing *next = message->next;
        free(message);
        message = next;
    }
}

void queue_finish(struct queue *queue)
{
    for (size_t i = 0; queue->slots != NULL && i < queue->slot_count; i++)
        free(queue->slots[i].message);
    free_list(queue->first);
    free_list(queue->done_first);
    free(queue->slots);
    *queue = (struct queue){0};
}

static void append(struct outgoing **first, struct outgoing **last, struct outgoing *message)
{
    message->next = NULL;
    if (*last != NULL)
        (*last)->next = message;
    else
        *first = message;
    *last = message;
}

static void count(struct queue *queue, const struct outgoing *message, bool add)
{
    size_t *counter = message->qos == 0 ? &queue->qos0 : &queue->qos1;
    *counter = add ? *counter + 1 : *counter - 1;
}

bool queue_push(struct queue *queue, const char *topic, const void *payload, size_t len, int qos, bool retained, uint64_t id)
{
    size_t topic_size = strlen(topic) + 1;
    struct outgoing *message = malloc(sizeof *message + len + topic_size);
    if (message == NULL)
        return false;
    *message = (struct outgoing){.order = queue->next_order++, .id = id, .qos = qos, .retained = retained, .len = len};
    if (len > 0)
        memcpy(message->bytes, payload, len);
    memcpy(message->bytes + len, topic, topic_size);
    message->topic = message->bytes + len;
    append(&queue->first, &queue->last, message);
    count(queue, message, true);
    return true;
}

struct slot *queue_begin(struct queue *queue)
{
    struct slot *slot = queue->free_slots;
    struct outgoing *message = queue->first;
    if (slot == NULL || message == NULL)
        return NULL;
    queue->first = message->next;
    if (queue->first == NULL)
        queue->last = NULL;
    queue->free_slots = slot->next_free;
    message->next = NULL;
    slot->message = message;
    queue->under_way++;
    return slot;
}

static struct outgoing *vacate(struct queue *queue, struct slot *slot)
{
    struct outgoing *message = slot->message;
    slot->message = NULL;
    slot->next_free = queue->free_slots;
    queue->free_slots = slot;
    queue->under_way--;
    return message;
}

void queue_undo(struct queue *queue, struct slot *slot)
{
    if (slot->message == NULL)
        return;
    struct outgoing *message = vacate(queue, slot);
    message->next = queue->first;
    queue->first = message;
    if (queue->last == NULL)
        queue->last = message;
}

static void end_message(struct queue *queue, struct outgoing *message, enum err result)
{
    count(queue, message, false);
    if (message->qos == 0) {
        free(message);
        return;
    }
    message->result = result;
    append(&queue->done_first, &queue->done_last, message);
}

void queue_complete(struct queue *queue, struct slot *slot, enum err result)
{
    if (slot->message != NULL)
        end_message(queue, vacate(queue, slot), result);
}

static int by_order(const void *a, const void *b)
{
    const struct outgoing *const *x = a, *const *y = b;
    return ((*x)->order > (*y)->order) - ((*x)->order < (*y)->order);
}

/* Takes all messages out of the slots, sorted. The memory for sorting is the slots' own order when
 * there is none. */
static struct outgoing *take_under_way(struct queue *queue, struct outgoing **last)
{
    struct outgoing *first = NULL;
    size_t n = 0, total = queue->under_way;
    struct outgoing **sorted = calloc(total > 0 ? total : 1, sizeof *sorted);
    *last = NULL;
    for (size_t i = 0; i < queue->slot_count; i++) {
        if (queue->slots[i].message == NULL)
            continue;
        struct outgoing *message = vacate(queue, &queue->slots[i]);
        if (sorted != NULL)
            sorted[n++] = message;
        else
            append(&first, last, message); /* unsorted, but nothing is lost */
    }
    if (n > 1)
        qsort(sorted, n, sizeof *sorted, by_order);
    for (size_t i = 0; i < n; i++)
        append(&first, last, sorted[i]);
    free(sorted);
    return first;
}

void queue_rewind(struct queue *queue)
{
    struct outgoing *last = NULL;
    struct outgoing *message = take_under_way(queue, &last);
    if (last != NULL)
        last->next = queue->first;
    else
        message = queue->first;
    queue->first = queue->last = NULL;
    while (message != NULL) {
        struct outgoing *next = message->next;
        if (message->qos == 0)
            end_message(queue, message, ERR_RETRY);
        else
            append(&queue->first, &queue->last, message);
        message = next;
    }
}

void queue_give_up(struct queue *queue)
{
    queue_rewind(queue);
    while (queue->first != NULL) {
        struct outgoing *message = queue->first;
        queue->first = message->next;
        end_message(queue, message, message->was_sent ? ERR_UNCERTAIN : ERR_RETRY);
    }
    queue->last = NULL;
}

struct outgoing *queue_take_done(struct queue *queue)
{
    struct outgoing *message = queue->done_first;
    if (message == NULL)
        return NULL;
    queue->done_first = message->next;
    if (queue->done_first == NULL)
        queue->done_last = NULL;
    return message;
}
