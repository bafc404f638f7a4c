/* kernels-image.h — loops of the blocks that meet an image of one channel.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  int n;
} RaqamImageKernels;

G_END_DECLS
