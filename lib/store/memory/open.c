/* Opening, closing, and the batch: what was done is undone by a rollback. */
#include <stdlib.h>
#include "store/memory/memory.h"

const struct facts_ops memory_ops = {
    .close = memory_close,
    .begin = memory_begin,
    .commit = memory_commit,
    .rollback = memory_rollback,
    .put_reading = memory_put_reading,
    .put_refusal = memory_put_refusal,
    .refusals = memory_refusals,
    .put_unclaimed = memory_put_unclaimed,
    .take_unclaimed = memory_take_unclaimed,
    .unclaimed_names = memory_unclaimed_names,
    .prune_unclaimed = memory_prune_unclaimed,
    .seal = memory_seal,
    .shrink = memory_shrink,
    .put_event = memory_put_event,
    .events = memory_events,
    .put_receipt = memory_put_receipt,
    .receipts = memory_receipts,
    .receipt = memory_receipt,
    .put_status = memory_put_status,
    .status = memory_status,
    .put_mark = memory_put_mark,
    .add_number = memory_add_number,
    .set_number = memory_set_number,
    .numbers = memory_numbers,
    .marks = memory_marks,
    .clear_mark = memory_clear_mark,
    .meter_marked = memory_meter_marked,
    .put_day = memory_put_day,
    .clear_derived = memory_clear_derived,
    .remove_day = memory_remove_day,
    .clear_judgements = memory_clear_judgements,
    .put_judgement = memory_put_judgement,
    .judgements = memory_judgements,
    .put_checks = memory_put_checks,
    .remove_checks = memory_remove_checks,
    .checks = memory_checks,
    .found_checks = memory_found_checks,
    .put_completeness = memory_put_completeness,
    .remove_completeness = memory_remove_completeness,
    .completeness = memory_completeness,
    .put_bill = memory_put_bill,
    .remove_bill = memory_remove_bill,
    .put_alert = memory_put_alert,
    .remove_alert = memory_remove_alert,
    .put_tail = memory_put_tail,
    .prune_tail = memory_prune_tail,
    .tail = memory_tail,
    .tail_range = memory_tail_range,
    .put_outbox = memory_put_outbox,
    .outbox = memory_outbox,
    .outbox_done = memory_outbox_done,
    .reads = memory_reads,
    .instants = memory_instants,
    .channels = memory_channels,
    .readings = memory_readings,
    .last_reading = memory_last_reading,
    .days = memory_days,
    .day_sums = memory_day_sums,
    .day_range = memory_day_range,
    .bills = memory_bills,
    .bill = memory_bill,
    .alerts = memory_alerts,
    .alert = memory_alert,
    .newest_refusals = memory_newest_refusals,
    .newest_judgements = memory_newest_judgements,
    .newest_events = memory_newest_events,
    .checkpoint = memory_checkpoint,
};

enum err facts_open_memory(struct fault *fault, struct facts **out)
{
    struct memory *memory = calloc(1, sizeof *memory);
    if (!memory)
        return fault_set(fault, ERR_FATAL, "no memory");
    memory->facts.ops = &memory_ops;
    for (int i = 0; i < TABLE_COUNT; i++)
        memory->tables[i].compare = memory_compare[i];
    *out = &memory->facts;
    return OK;
}

void memory_close(struct facts *facts)
{
    struct memory *memory = (struct memory *)facts;
    memory_rollback(facts);
    for (int i = 0; i < TABLE_COUNT; i++) {
        for (size_t row = 0; row < memory->tables[i].count; row++)
            free(memory->tables[i].rows[row]);
        free(memory->tables[i].rows);
    }
    free(memory->undo);
    free(memory);
}

enum err memory_begin(struct facts *facts, struct fault *fault)
{
    struct memory *memory = (struct memory *)facts;
    if (memory->in_batch)
        return fault_set(fault, ERR_FATAL, "a batch is open already");
    memory->in_batch = true;
    return OK;
}

enum err memory_commit(struct facts *facts, struct fault *fault)
{
    struct memory *memory = (struct memory *)facts;
    if (!memory->in_batch)
        return fault_set(fault, ERR_FATAL, "no batch is open");
    for (size_t i = 0; i < memory->undo_count; i++)
        free(memory->undo[i].removed);
    memory->undo_count = 0;
    memory->in_batch = false;
    return OK;
}

enum err memory_checkpoint(struct facts *facts, int64_t *out_wal_bytes, struct fault *fault)
{
    (void)facts;
    (void)fault;
    *out_wal_bytes = 0;
    return OK;
}
