/* coach-judgements.h — the signs that show in a run's judgements.
 * SPDX-License-Identifier: MIT */

#pragma once

#include "engine/coach-texts.h"
#include "engine/timeline.h"

G_BEGIN_DECLS

typedef enum
{
  RAQAM_VERDICT_BETWEEN, /* neither clearly trouble nor clearly over */
  RAQAM_VERDICT_CALM,
  RAQAM_VERDICT_TROUBLE,
} RaqamVerdict;

/* A run's best so far. */
typedef struct
{
  double value; /* NAN before the first */
  double epoch;
  double accuracy;
} RaqamMark;

typedef struct
{
  RaqamMark frechet;
  RaqamMark recall;
  RaqamMark diversity[RAQAM_DATASET_CLASSES];
  int       n_after_best; /* judgements without a better FID */
  int       n;
} RaqamMarks;

void raqam_marks_init (RaqamMarks *self);

/* @figures: overwritten where it is trouble; @quality is not among the marks yet */
RaqamVerdict raqam_judge_collapse     (RaqamSignFigures *figures, const RaqamMarks *marks,
                                       const RaqamQuality *quality);
RaqamVerdict raqam_judge_memorisation (RaqamSignFigures *figures, const RaqamQuality *quality);

/* Here it is among them. */
RaqamVerdict raqam_judge_stagnation   (RaqamSignFigures *figures, const RaqamMarks *marks,
                                       const RaqamQuality *quality);

void raqam_marks_add (RaqamMarks *self, const RaqamQuality *quality);

G_END_DECLS
