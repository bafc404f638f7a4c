/* block-cases.h — the blocks that every backend is tested with.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/backend.h"

G_BEGIN_DECLS

typedef struct
{
  char          *name;
  RaqamBlockSpec spec;
  int            batch;
  gboolean       may_refuse; /* no recipe asks for it: RAQAM_ERROR_DEVICE is an answer */
} BlockCase;

/* Returns: (transfer full) (element-type BlockCase): all blocks of the recipes at their
 * sizes, with a batch that threads cannot share evenly, and small odd ones */
GArray *block_cases_new (void);

G_END_DECLS
