/*
 * What time brings, apart from messages. Private to the pipeline.
 */
#ifndef INGESTOR_TEND_H
#define INGESTOR_TEND_H

#include "ingestor/context.h"

/* Loads what memory must know at the start: open receipts, the last acknowledgement, names that wait; writes the broker's files. */
enum err tend_start(struct pipeline *pipeline, struct fault *fault);

/* pipeline.c */
enum err pipeline_batch_begin(struct pipeline *pipeline, struct fault *fault);
void pipeline_batch_failed(struct pipeline *pipeline); /* what it left in memory is not so */

#endif
