/* evaluate-text.c — what an evaluation comes to, in sentences and short figures.
 * SPDX-License-Identifier: MIT */

#include "app/evaluate-text.h"

#include "print/format.h"

#include <glib/gi18n.h>
#include <math.h>

#define NEAR_ALL 0.985 /* from which on one decimal would hide what is missing */

char *
raqam_evaluate_number (double value, int decimals)
{
  return isfinite (value) ? raqam_format_number (value, decimals) : g_strdup ("–");
}

/* Cut, not rounded: nothing below all of them is to look like 100 %. */
char *
raqam_evaluate_percent (double share)
{
  int decimals = share >= NEAR_ALL && share < 1 ? 2 : 1;
  double unit = pow (10, decimals);
  g_autofree char *number = NULL;

  if (!isfinite (share))
    return g_strdup ("–");
  number = raqam_format_number (floor (100 * share * unit + 1e-6) / unit, decimals);
  /* Translators: a share in hundredths */
  return g_strdup_printf (_("%s %%"), number);
}

char *
raqam_evaluate_what (const RaqamEvaluation *evaluation)
{
  int n = evaluation->settings.n_images;
  g_autofree char *images = raqam_format_integer (n);
  g_autofree char *count = g_strdup_printf (g_dngettext (NULL, "%s image", "%s images", n), images);
  g_autofree char *seed = raqam_format_plain ((double) evaluation->settings.seed, 0);
  g_autofree char *epoch = raqam_format_number (evaluation->epoch, 1);

  /* Translators: "1,000 images", a seed, an epoch */
  return g_strdup_printf (_("%s, seed %s · checkpoint of epoch %s"), count, seed, epoch);
}

static const char *
what_the_model_saw (const RaqamEvaluation *evaluation)
{
  switch (evaluation->seen)
    {
    case RAQAM_SEEN_TRAIN:
      return _("The model was trained on the same training images.");
    case RAQAM_SEEN_ALL:
      return _("The model was trained on the training images and the test images.");
    case RAQAM_SEEN_TEST:
      return _("The model was trained on the test images.");
    case RAQAM_SEEN_UNKNOWN:
    default:
      return _("The model was trained on other images, or does not say on which.");
    }
}

char *
raqam_evaluate_seen (const RaqamEvaluation *evaluation)
{
  g_autofree char *train = raqam_format_integer (evaluation->n_train);
  g_autofree char *test = raqam_format_integer (evaluation->n_test);
  g_autofree char *accuracy = raqam_evaluate_percent (evaluation->classifier->accuracy);
  /* Translators: numbers of images; "99.5 %" */
  g_autofree char *judge =
    g_strdup_printf (_("Classifier: %s training images, %s on %s test images it never saw."),
                     train, accuracy, test);

  return g_strjoin (" ", judge, what_the_model_saw (evaluation),
                    evaluation->held_back
                      ? _("The data came without a test part: every sixth image was held back.")
                      : NULL,
                    NULL);
}
