/* feature-check.c — what a classifier sees in images, as numbers.
 * SPDX-License-Identifier: MIT */

#include "engine/feature-check.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define LARGEST 1e15f

gboolean
raqam_features_check (const float *features, gsize n, GError **error)
{
  for (gsize i = 0; i < n; i++)
    if (!(fabsf (features[i]) <= LARGEST))
      {
        g_set_error_literal (error, RAQAM_ERROR, RAQAM_ERROR_DIVERGED,
                             _("The features of the images are not all numbers. The model or the "
                                "classifier that made them has diverged"));
        return FALSE;
      }
  return TRUE;
}
