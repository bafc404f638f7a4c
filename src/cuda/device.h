/* device.h — an NVIDIA GPU as a device: its stream, its cuDNN, its blocks.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/backend.h"

#include <cuda_runtime_api.h>
#include <cudnn.h>

G_BEGIN_DECLS

typedef struct _RaqamStaging RaqamStaging;

struct _RaqamDevice
{
  int            compute; /* compute capability: 10 · major + minor */
  int            n_sm;    /* streaming multiprocessors */
  RaqamPrecision precision; /* F32, TF32 or BF16, never AUTO */
  cudaStream_t   stream;    /* of everything that this device does */
  cudnnHandle_t  cudnn;     /* bound to stream */
  char          *description;
  char          *key;       /* for what is measured once: GPU, driver, cuDNN, as one line */

  /* Shared by all plans, as large as the largest asks. One that was outgrown is kept
   * until the device is closed, for recordings may hold its address. */
  gpointer   workspace;
  gsize      workspace_size;
  GPtrArray *outgrown;

  RaqamStaging *staging; /* memory.h's */
};

/* What each kind of block implements; RaqamBlock's first member. */
typedef struct
{
  void     (*free)     (RaqamBlock *block);
  gboolean (*prepare)  (RaqamBlock *block, const float *params, float *state, gboolean power,
                        GError **error);
  gboolean (*forward)  (RaqamBlock *block, float *out, const float *in, const guint8 *labels,
                        const RaqamForward *how, GError **error);
  gboolean (*backward) (RaqamBlock *block, float *d_in, float *d_params, float *d_out,
                        GError **error);
} RaqamBlockClass;

struct _RaqamBlock
{
  const RaqamBlockClass *klass;
  RaqamDevice           *device;
  RaqamBlockSpec         spec;
  int                    batch;
  gboolean               train;

  /* Set by device.c before prepare. */
  const float *params;
  float       *state;

  /* Set by device.c before a TRAIN forward, for backward. */
  float        *out;
  const float  *in;
  const guint8 *labels;
  RaqamForward  how;
};

/**
 * raqam_cuda_check:
 * @what: what was tried, for the message
 *
 * Returns: whether @status is success; else FALSE with RAQAM_ERROR_MEMORY where
 *   memory ran out, RAQAM_ERROR_DEVICE for everything else
 */
gboolean raqam_cuda_check  (cudaError_t status, const char *what, GError **error);
/* The same for cuDNN's. */
gboolean raqam_cudnn_check (cudnnStatus_t status, const char *what, GError **error);
/* What the launches since the last check came to. */
gboolean raqam_cuda_check_launches (const char *what, GError **error);

/* Device memory, zeroed, aligned to 256 bytes; RAQAM_ERROR_MEMORY when there is none.
 * Never while a recording is made. */
gpointer raqam_cuda_alloc (RaqamDevice *device, gsize n_bytes, GError **error);
void     raqam_cuda_free  (RaqamDevice *device, gpointer memory); /* NULL is allowed */

/* Makes the workspace at least @size bytes. */
gboolean raqam_cuda_reserve_workspace (RaqamDevice *device, gsize size, GError **error);

/* One constructor a family of blocks; each fills the members before params. */
RaqamBlock *raqam_cuda_hidden_block_new (RaqamDevice *device, const RaqamBlockSpec *spec,
                                         int batch, gboolean train, GError **error);
RaqamBlock *raqam_cuda_image_block_new  (RaqamDevice *device, const RaqamBlockSpec *spec,
                                         int batch, gboolean train, GError **error);
RaqamBlock *raqam_cuda_input_block_new  (RaqamDevice *device, const RaqamBlockSpec *spec,
                                         int batch, gboolean train, GError **error);
RaqamBlock *raqam_cuda_head_block_new   (RaqamDevice *device, const RaqamBlockSpec *spec,
                                         int batch, gboolean train, GError **error);

G_END_DECLS
