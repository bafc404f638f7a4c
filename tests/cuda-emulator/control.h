/* control.h — the pretended GPU: what it is, how it fails, what it was asked.
 * SPDX-License-Identifier: MIT
 *
 * A program says it in its environment, read once; a test that has the library
 * open says it by raqam_emulator_reset().
 *
 *   RAQAM_EMULATOR_DEVICES      GPUs that there are: 0 or 1 (1)
 *   RAQAM_EMULATOR_DRIVER       newest CUDA that the driver knows, 1000 · major + 10 · minor
 *   RAQAM_EMULATOR_COMPUTE      10 · major + minor (80)
 *   RAQAM_EMULATOR_SM           multiprocessors (2)
 *   RAQAM_EMULATOR_MEMORY       bytes (4 GiB)
 *   RAQAM_EMULATOR_ORDER        of threads and blocks: forward, reverse or shuffled:SEED (forward)
 *   RAQAM_EMULATOR_EAGER        1: work runs when it is asked, not when somebody waits for it
 *   RAQAM_EMULATOR_FAIL_ALLOC   this allocation, counted from 1, finds no memory
 *   RAQAM_EMULATOR_FAIL_WORK    this kernel or cuDNN operation meets an illegal address
 *   RAQAM_EMULATOR_LOSE_WORK    at this one the GPU is lost
 */

#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum
{
  RAQAM_EMULATOR_FORWARD,
  RAQAM_EMULATOR_REVERSE,
  RAQAM_EMULATOR_SHUFFLED,
} RaqamEmulatorOrder;

typedef struct
{
  int                devices;
  int                driver;
  int                compute;
  int                n_sm;
  uint64_t           memory;
  RaqamEmulatorOrder order;
  uint32_t           seed;
  int                eager;
  uint64_t           fail_alloc; /* counted from 1 since the reset; 0 for never */
  uint64_t           fail_work;
  uint64_t           lose_work;
} RaqamEmulatorSettings;

/* Since the reset, but for what is still there. */
typedef struct
{
  uint64_t allocs;
  uint64_t bytes;   /* of device memory, now in use */
  uint64_t objects; /* streams, events, graphs and pieces of memory, now alive */
  uint64_t works;   /* kernels and cuDNN operations that ran */
  uint64_t launches; /* of kernels and of graphs, by the program */
  uint64_t waits;   /* calls that wait for the GPU */
} RaqamEmulatorCounts;

/* What the environment says, or the defaults. */
void raqam_emulator_settings (RaqamEmulatorSettings *settings);

/* Forgets errors and counts. Memory, streams and graphs stay. */
void raqam_emulator_reset (const RaqamEmulatorSettings *settings);

void raqam_emulator_counts (RaqamEmulatorCounts *counts);

#ifdef __cplusplus
}
#endif
