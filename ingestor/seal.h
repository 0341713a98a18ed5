/*
 * Sealing of long past days (store/facts.h): a few at every tending, of one meter after the other, until none is left; then again from the next UTC
 * day on.
 */
#ifndef INGESTOR_SEAL_H
#define INGESTOR_SEAL_H

#include "ingestor/context.h"

/* Inside a batch. */
enum err seal_tend(struct pipeline *pipeline, struct fault *fault);
/* That batch failed: what it sealed it did not. */
void seal_failed(struct pipeline *pipeline);

#endif
