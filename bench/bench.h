/*
 * What the benches share: a folder of their own, child processes that die with them, times, and a registry of meters.
 * A bench ends with one JSON object per line on standard output; words for people go to standard error.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/err.h"
#include "store/records.h"

#define BENCH_TARIFF "bench"

void bench_must(enum err err, const struct fault *fault, const char *what); /* ends the bench on an error */
void bench_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A fresh folder, removed at exit together with every child that still runs. BENCH_DIR says where (default: /tmp). */
const char *bench_folder(void);

double bench_wall_s(void);
double bench_cpu_s(void);                       /* of this process */
double bench_cpu_of_s(pid_t pid);               /* of another one */
int64_t bench_memory_kib(pid_t pid);            /* resident */
double bench_median(double *values, int count); /* sorts */

pid_t bench_spawn(const char *const *argv); /* its output goes to the folder's "<program>.log" */
void bench_keep_child(pid_t pid);           /* a fork of the bench's own: ended at exit too */
void bench_stop(pid_t pid, int signal);     /* and waits for it */
int bench_free_port(void);
pid_t bench_broker(int port); /* Mosquitto with broker/mosquitto.conf, open to everybody on loopback; waits until it listens */

/* Numbers from a small generator of the bench's own: the same in every run. */
uint32_t bench_random(uint32_t *state, uint32_t below);

/* records.db in the folder with `meters` points "m-000001"… in America/Sao_Paulo and a tariff with tiers, fixed charge and tax. */
void bench_records(const char *path, int meters);

#endif
