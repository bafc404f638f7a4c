/* kernels-image.c — loops of the blocks that meet an image of one channel.
 * SPDX-License-Identifier: MIT */

#include "cpu/kernels-image.h"

#include "cpu/kernels-isa.h"

extern const RaqamImageKernels RAQAM_KERNELS (image);

const RaqamImageKernels RAQAM_KERNELS (image) = { 0 };
