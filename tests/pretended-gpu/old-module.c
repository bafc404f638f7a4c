/* old-module.c — a module that another version of Raqam was built with.
 * SPDX-License-Identifier: MIT */

#include "engine/backend.h"

const RaqamBackend *raqam_backend (void);

const RaqamBackend *
raqam_backend (void)
{
  static const RaqamBackend old = { .abi = RAQAM_BACKEND_ABI - 1, .name = "cuda" };

  return &old;
}
