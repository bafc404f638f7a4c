/* block-rig.h — one block on one device, with all its memory and inputs.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "block-tensors.h"
#include "test-device.h"

G_BEGIN_DECLS

#define RIG_BATCHES 2 /* different inputs of a block */

/* What a block is run on. Slabs have room before, between and after the tensors. */
typedef struct
{
  RaqamBlockSpec spec; /* laid out */
  int            batch;
  gsize          n_in, n_out; /* floats of a batch */
  gsize          n_weights, n_state;
  float         *weights, *state;
  float         *in[RIG_BATCHES];
  guint8        *labels;
  float         *d_out;
} RigInputs;

/* What it makes, in host memory. */
typedef struct
{
  float *out, *d_in, *d_params, *state;
} RigResults;

typedef struct
{
  TestDevice      *device;
  const RigInputs *inputs;
  RaqamBlock      *block;
  RaqamPulse      *pulse;
  float           *weights, *state, *in[RIG_BATCHES], *d_out, *out, *d_in, *d_params;
  guint8          *labels; /* NULL for a block that uses none */
} Rig;

/* What memory that a block must not touch is filled with. */
#define RIG_UNTOUCHED 12345.0f

/**
 * rig_inputs_new:
 * @seed: of all the numbers; equal seeds, equal numbers
 *
 * Values for which what enters an activation has a variance near 1.
 */
RigInputs *rig_inputs_new  (const RaqamBlockSpec *spec, int batch, guint32 seed);
void       rig_inputs_free (RigInputs *inputs);

/* Returns: (transfer full): NULL with @error when the device refuses the block */
Rig *rig_new  (TestDevice *device, const RigInputs *inputs, gboolean train, GError **error);
void rig_free (Rig *rig);

/* State, gradients and outputs as they were in the beginning; weights too. */
void rig_reset (Rig *rig);

void rig_prepare  (Rig *rig, gboolean power);
void rig_forward  (Rig *rig, int batch, RaqamMode mode, float update, guint32 stream);
void rig_backward (Rig *rig, gboolean d_in, gboolean d_params);

/* Returns: (transfer full): what is in the device's memory now */
RigResults *rig_results      (Rig *rig);
void        rig_results_free (RigResults *results);

/* Fails the test unless @got lies within @tolerance of @want, as the distance over the
 * norm of @want. @what is for people. Two NaN are as different as a NaN and a number. */
void rig_compare (const char *what, const float *got, const float *want, gsize n, double tolerance);

/* rig_compare() for each tensor of the block in the slabs of weights or of state. */
void rig_compare_gradients (const char *what, const RigInputs *inputs, const float *got,
                            const float *want, double tolerance);
void rig_compare_state     (const char *what, const RigInputs *inputs, const float *got,
                            const float *want, double tolerance);

/* Asserts that a slab of gradients holds RIG_UNTOUCHED wherever @spec has no tensor. */
void rig_check_gaps (const RigInputs *inputs, const float *d_params);

G_END_DECLS
