/* gpu.h — the GPU, its driver and cuDNN, and whether they will do.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* CUDA's first, of those that CUDA_VISIBLE_DEVICES leaves. */
#define RAQAM_GPU 0

/* Turing, the oldest that CUDA 13 knows; and Ampere, the first with bf16 and TF32. */
#define RAQAM_COMPUTE_OLDEST 75
#define RAQAM_COMPUTE_TENSOR 80

typedef struct
{
  char   name[128];
  gsize  memory;   /* bytes */
  int    compute;  /* compute capability: 10 · major + minor */
  int    n_sm;
  int    driver;   /* the CUDA that the driver knows: 1000 · major + 10 · minor */
  gsize  cudnn;    /* cudnnGetVersion() */
  char   cudnn_text[32];
} RaqamGpu;

/**
 * raqam_cuda_gpu:
 * @gpu: overwritten
 *
 * Any thread.
 *
 * Returns: FALSE with RAQAM_ERROR_DEVICE, which says what was found, what is
 *   needed, and where to get it
 */
gboolean raqam_cuda_gpu (RaqamGpu *gpu, GError **error);

/* Makes CUDA's driver use this GPU on the calling thread, as cuDNN expects. Costs
 * nothing from the thread's second call on. Errors show at the next call of CUDA. */
void raqam_cuda_bind (void);

G_END_DECLS
