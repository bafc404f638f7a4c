/* block-judgement.h — what the reference says to a block, and what a device may differ.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "block-cases.h"
#include "block-rig.h"

G_BEGIN_DECLS

/* Rounding may put a value on the other side of a corner of ReLU, which changes the
 * gradient by far more than rounding. Inputs are drawn again until nothing lies so near. */
#define JUDGEMENT_MARGIN 1e-6

typedef struct
{
  RigInputs  *inputs;
  RigResults *want;
  float      *soft; /* what is behind @want's out, where that has a threshold */
} Judgement;

typedef void (*Course) (Rig *rig);

/* Two forwards, for the running statistics, and the gradients of the second. */
void judgement_train_course (Rig *rig);

/* Returns: (transfer full): the device under test, computing in f32 */
TestDevice *judgement_device (int n_threads);

/* Returns: (transfer full): NULL, and the test is skipped, for a block that may be refused and is */
Rig *judgement_rig (TestDevice *device, const RigInputs *inputs, gboolean train,
                    gboolean may_refuse);

/* @margin: how far from a corner the block's values must stay */
Judgement judgement_new   (const BlockCase *c, Course course, double margin);
void      judgement_clear (Judgement *judgement);

/* @hard: whether @out went through a threshold */
void judgement_check_out  (const char *what, const Judgement *judgement, const float *out,
                           gboolean hard, double tolerance);
void judgement_check_d_in (const char *what, const Judgement *judgement, const float *d_in,
                           double tolerance);

G_END_DECLS
