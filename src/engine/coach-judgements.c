/* coach-judgements.c — the signs that show in a run's judgements.
 * SPDX-License-Identifier: MIT */

#include "engine/coach-judgements.h"

#include <math.h>

/* Collapse. Recall is the one figure that falls when ways of writing are left out (Lucic et
 * al. 2018, Kynkäänniemi et al. 2019); of 2,000 pictures it wavers by 0.03. The diversity of
 * a digit wavers more, and falls to two thirds in healthy runs while pictures get clearer. */
#define RECALL_COLLAPSED 0.7 /* of the best one's */
#define RECALL_RECOVERED 0.85
#define RECALL_LEAST 0.1     /* below it there is nothing to lose */
#define DIVERSITY_COLLAPSED 0.5
#define DIVERSITY_RECOVERED 0.65
#define ACCURACY_STAYS 0.95  /* of what it was at the best one */

/* Three in four; unseen real pictures have one in two, healthy runs 0.28 to 0.41 (Meehan et
 * al. 2020). */
#define MEMORISES 0.75
#define MEMORISES_NOT 0.65

/* As early stopping has it (Prechelt 1998): so many strips without a gain that counts. */
#define STAGNATES 5
#define GAIN 0.99 /* of the best FID, whose noise at 2,000 pictures is about a hundredth */

void
raqam_marks_init (RaqamMarks *self)
{
  *self = (RaqamMarks){ .frechet.value = NAN, .recall.value = NAN };
  for (int c = 0; c < RAQAM_DATASET_CLASSES; c++)
    self->diversity[c].value = NAN;
}

/* How far @now has fallen from the mark, if the accuracy has stayed; NAN if that cannot be said. */
static double
fallen_to (const RaqamMark *mark, double now, double accuracy)
{
  return accuracy >= ACCURACY_STAYS * mark->accuracy ? now / mark->value : NAN;
}

RaqamVerdict
raqam_judge_collapse (RaqamSignFigures *figures, const RaqamMarks *marks,
                      const RaqamQuality *quality)
{
  double recall = marks->recall.value >= RECALL_LEAST
                    ? fallen_to (&marks->recall, quality->recall, quality->accuracy.all)
                    : NAN;
  double lowest = NAN;
  int digit = 0;

  for (int c = 0; c < RAQAM_DATASET_CLASSES; c++)
    {
      double share = fallen_to (&marks->diversity[c], quality->diversity.of_class[c],
                                quality->accuracy.of_class[c]);

      if (isfinite (share) && !(share >= lowest))
        {
          lowest = share;
          digit = c;
        }
    }

  *figures = (RaqamSignFigures){ .epoch = quality->epoch,
                                 .now = quality->recall,
                                 .best = marks->recall.value,
                                 .best_epoch = marks->recall.epoch,
                                 .accuracy = quality->accuracy.all,
                                 .digit = -1 };
  if (recall < RECALL_COLLAPSED)
    return RAQAM_VERDICT_TROUBLE;
  if (lowest < DIVERSITY_COLLAPSED)
    {
      figures->now = quality->diversity.of_class[digit];
      figures->best = marks->diversity[digit].value;
      figures->best_epoch = marks->diversity[digit].epoch;
      figures->accuracy = quality->accuracy.of_class[digit];
      figures->digit = digit;
      return RAQAM_VERDICT_TROUBLE;
    }
  return recall >= RECALL_RECOVERED && !(lowest < DIVERSITY_RECOVERED) ? RAQAM_VERDICT_CALM
                                                                       : RAQAM_VERDICT_BETWEEN;
}

RaqamVerdict
raqam_judge_memorisation (RaqamSignFigures *figures, const RaqamQuality *quality)
{
  *figures = (RaqamSignFigures){ .epoch = quality->epoch, .now = quality->memorisation };
  if (quality->memorisation >= MEMORISES)
    return RAQAM_VERDICT_TROUBLE;
  return quality->memorisation < MEMORISES_NOT ? RAQAM_VERDICT_CALM : RAQAM_VERDICT_BETWEEN;
}

RaqamVerdict
raqam_judge_stagnation (RaqamSignFigures *figures, const RaqamMarks *marks,
                        const RaqamQuality *quality)
{
  *figures = (RaqamSignFigures){ .epoch = quality->epoch,
                                 .best = marks->frechet.value,
                                 .best_epoch = marks->frechet.epoch,
                                 .n = marks->n_after_best };
  if (marks->n_after_best >= STAGNATES)
    return RAQAM_VERDICT_TROUBLE;
  return marks->n_after_best == 0 ? RAQAM_VERDICT_CALM : RAQAM_VERDICT_BETWEEN;
}

static void
lift (RaqamMark *mark, double value, double epoch, double accuracy)
{
  if (isfinite (value) && !(value <= mark->value))
    *mark = (RaqamMark){ value, epoch, accuracy };
}

void
raqam_marks_add (RaqamMarks *self, const RaqamQuality *quality)
{
  double frechet = quality->frechet.all;

  self->n++;
  lift (&self->recall, quality->recall, quality->epoch, quality->accuracy.all);
  /* More than real ones have is noise, and no loss. */
  for (int c = 0; c < RAQAM_DATASET_CLASSES; c++)
    if (isfinite (quality->diversity.of_class[c]))
      lift (&self->diversity[c], MIN (quality->diversity.of_class[c], 1), quality->epoch,
             quality->accuracy.of_class[c]);
  if (!isfinite (frechet))
    return;
  self->n_after_best++;
  if (isnan (self->frechet.value) || frechet < GAIN * self->frechet.value)
    {
      self->frechet = (RaqamMark){ frechet, quality->epoch, quality->accuracy.all };
      self->n_after_best = 0;
    }
}
