/* blind-score.c — how often a person told the real picture, and what that shows.
 * SPDX-License-Identifier: MIT */

#include "app/blind-score.h"

#include "print/format.h"

#include <glib/gi18n.h>
#include <math.h>

#define Z95 1.959963984540054 /* of the normal distribution 97.5 % lie below it */

void
raqam_blind_interval (double *low, double *high, const RaqamBlindScore *score)
{
  double n = score->n_asked, z2 = Z95 * Z95, share, middle, half;

  *low = 0;
  *high = 1;
  if (score->n_asked == 0)
    return;
  share = score->n_right / n;
  middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  half = Z95 / (1 + z2 / n) * sqrt (share * (1 - share) / n + z2 / (4 * n * n));
  *low = MAX (middle - half, 0);
  *high = MIN (middle + half, 1);
}

static const char *
conclusion (double low, double high)
{
  if (low > 0.5)
    return _("You can tell them apart better than by guessing.");
  if (high < 0.5)
    return _("You take generated digits for the real ones more often than not.");
  return _("That is within what guessing gets.");
}

char *
raqam_blind_statement (const RaqamBlindScore *score)
{
  double low, high;
  g_autofree char *right = raqam_format_integer (score->n_right);
  g_autofree char *asked = raqam_format_integer (score->n_asked);
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  if (score->n_asked == 0)
    return g_strdup (_("No answer yet. 50 % would be guessing."));
  raqam_blind_interval (&low, &high, score);
  from = raqam_format_number (100 * low, 0);
  to = raqam_format_number (100 * high, 0);
  /* Translators: right answers, answers, then per cent from and to, then a sentence */
  return g_strdup_printf (_("%s of %s right: 50 %% would be guessing, and with 95 %% confidence "
                             "your rate lies between %s %% and %s %%. %s"),
                          right, asked, from, to, conclusion (low, high));
}
