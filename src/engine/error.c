/* error.c — the engine's error domain.
 * SPDX-License-Identifier: MIT */

#include "engine/error.h"

G_DEFINE_QUARK (raqam-error-quark, raqam_error)
