/* signed-number.c — numbers that may be below 0, as people of the locale read them.
 * SPDX-License-Identifier: MIT */

#include "app/signed-number.h"

#include "print/format.h"

#include <math.h>

#define LEFT_TO_RIGHT "\u200e"

char *
raqam_signed_number (double value, int decimals)
{
  g_autofree char *number = raqam_format_number (fabs (value), decimals);
  gboolean none = round (fabs (value) * pow (10, decimals)) == 0;

  return g_strconcat (LEFT_TO_RIGHT, value < 0 && !none ? "−" : "", number, NULL);
}
