/* error.h — the engine's error domain.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RaqamError:
 * @RAQAM_ERROR_DATA: a data file is damaged, truncated or of another kind
 * @RAQAM_ERROR_RECIPE: a recipe asks for something impossible
 * @RAQAM_ERROR_CHECKPOINT: a checkpoint or model is damaged or does not fit
 * @RAQAM_ERROR_DEVICE: a device refused, is missing, or failed
 * @RAQAM_ERROR_MEMORY: memory ran out
 * @RAQAM_ERROR_DIVERGED: training met a NaN or an infinity
 * @RAQAM_ERROR_RUN: a run folder cannot be used as asked
 *
 * What the world can cause. Every message says what was tried, on what, and,
 * where it is known, what to do about it.
 */
typedef enum
{
  RAQAM_ERROR_DATA,
  RAQAM_ERROR_RECIPE,
  RAQAM_ERROR_CHECKPOINT,
  RAQAM_ERROR_DEVICE,
  RAQAM_ERROR_MEMORY,
  RAQAM_ERROR_DIVERGED,
  RAQAM_ERROR_RUN,
} RaqamError;

#define RAQAM_ERROR (raqam_error_quark ())
GQuark raqam_error_quark (void);

/* Returns: whether it says that a device is missing, fails or has no memory left,
 *   so that another one may do better */
static inline gboolean
raqam_error_is_device (const GError *error)
{
  return g_error_matches (error, RAQAM_ERROR, RAQAM_ERROR_DEVICE)
         || g_error_matches (error, RAQAM_ERROR, RAQAM_ERROR_MEMORY);
}

G_END_DECLS
