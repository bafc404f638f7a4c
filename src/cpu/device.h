/* device.h — the CPU as a device: its workers, its oneDNN engine, its blocks.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/backend.h"
#include "cpu/pool.h"

G_BEGIN_DECLS

struct _RaqamDevice
{
  RaqamPool     *pool;
  RaqamPrecision precision;
  char          *description;
  struct dnnl_engine *engine;
  struct dnnl_stream **streams; /* one a worker */
  gpointer      *scratchpads;   /* one a worker, as large as the largest plan asks */
  gsize          scratchpad_size;
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

/* Zeroed, 64-byte aligned, freed by free(); RAQAM_ERROR_MEMORY when there is none. */
gpointer raqam_cpu_alloc (gsize n_bytes, GError **error);

/* One constructor a family of blocks; each fills the members before params. */
RaqamBlock *raqam_cpu_hidden_block_new (RaqamDevice *device, const RaqamBlockSpec *spec, int batch,
                                        gboolean train, GError **error);
RaqamBlock *raqam_cpu_image_block_new  (RaqamDevice *device, const RaqamBlockSpec *spec, int batch,
                                        gboolean train, GError **error);
RaqamBlock *raqam_cpu_input_block_new  (RaqamDevice *device, const RaqamBlockSpec *spec, int batch,
                                        gboolean train, GError **error);
RaqamBlock *raqam_cpu_head_block_new   (RaqamDevice *device, const RaqamBlockSpec *spec, int batch,
                                        gboolean train, GError **error);

G_END_DECLS
