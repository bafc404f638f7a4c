/* cuda-rig.h — a GPU that pretends, for tests of src/cuda's parts.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "cuda/plan.h"

/**
 * cuda_rig_new:
 * @compute: compute capability, 10 · major + minor
 *
 * Returns: (transfer full): a device with a stream, a cuDNN and a key
 */
RaqamDevice *cuda_rig_new  (RaqamPrecision precision, int compute);
void         cuda_rig_free (RaqamDevice *device);

/* Kernels and convolutions that ran so far. */
guint64 cuda_rig_works (void);

/* Makes the @nth allocation from now on, from 1, find no memory; 0 for none. */
void cuda_rig_fail_alloc (int compute, guint64 nth);

/* Device memory with @values in it, as float or bf16. */
gpointer cuda_rig_put (RaqamDevice *device, const float *values, gsize n, gboolean bf16);
/* @n values of it; (transfer full). Waits for the device. */
float   *cuda_rig_get (RaqamDevice *device, gconstpointer memory, gsize n, gboolean bf16);

/* @value as bf16 has it, rounded to nearest even. */
float cuda_rig_to_bf16 (float value);

/* Values of [-1, 1), the same at every call with the same @seed; (transfer full). */
float *cuda_rig_random (gsize n, guint32 seed);
