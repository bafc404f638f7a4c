/* kernels.h — the elementwise loops, chosen for the processor at run time.
 * SPDX-License-Identifier: MIT
 *
 * Every kernels-FAMILY.c is compiled once for each instruction set (meson.build
 * names them and gives the flags) and ends in a constant table of its functions,
 *
 *     const RaqamHiddenKernels RAQAM_KERNELS (hidden) = { ... };
 *
 * whose name the macro makes different in each. kernels.c picks one instruction
 * set for the whole process. A kernel allocates nothing, shares nothing and is
 * called from any worker. Unless it says otherwise its arrays do not overlap.
 *
 * The flags allow sums in another order and forget the sign of zero; they keep
 * NaN and infinity, so that a run that diverges is seen to.
 */

#pragma once

#include "cpu/kernels-conv.h"
#include "cpu/kernels-hidden.h"
#include "cpu/kernels-image.h"
#include "cpu/kernels-vector.h"

G_BEGIN_DECLS

typedef struct
{
  const char               *name; /* of the instruction set: "x86-64-v3", "generic" */
  const RaqamHiddenKernels *hidden;
  const RaqamImageKernels  *image;
  const RaqamVectorKernels *vector;
  const RaqamConvKernels   *conv; /* NULL where oneDNN's convolutions are as good */
} RaqamKernels;

/**
 * raqam_kernels:
 *
 * The best instruction set that the processor has, or, where the environment
 * variable RAQAM_CPU_ISA names one of those below it, that one. From any thread;
 * the answer never changes within a process.
 *
 * Returns: (transfer none): NULL when the processor is too old for all of them
 */
const RaqamKernels *raqam_kernels (void);

G_END_DECLS
