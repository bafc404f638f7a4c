/* evaluator.h — judging on a thread of its own, told by signals.
 * SPDX-License-Identifier: MIT
 *
 * Everything here is called on the main context that made the evaluator and
 * returns at once. Requests are done one after the other: evaluations in the order
 * that they were asked in, then timelines in theirs. An evaluation that is asked for
 * while a timeline is made goes between two of its checkpoints. Data that were loaded
 * stay loaded for the next, until the size or the time of a file has changed.
 */

#pragma once

#include "engine/evaluation.h"
#include "engine/timeline.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_EVALUATOR (raqam_evaluator_get_type ())
G_DECLARE_FINAL_TYPE (RaqamEvaluator, raqam_evaluator, RAQAM, EVALUATOR, GObject)

/**
 * RaqamEvaluator:
 *
 * Property "busy" (boolean, read-only, notifies).
 *
 * Signals, with their C handlers:
 * "progress":  void (RaqamEvaluator *, const char *stage, double done, gpointer): @done of the
 *              whole request, 0 to 1
 * "evaluated": void (RaqamEvaluator *, RaqamEvaluation *evaluation_or_null,
 *              const GError *error_or_null, gpointer): the answer to
 *              raqam_evaluator_evaluate(); neither after a cancel
 * "judged":    void (RaqamEvaluator *, const char *run_folder, gpointer): one more
 *              checkpoint of the run is in its timeline
 * "timeline-ended": void (RaqamEvaluator *, const char *run_folder, const GError *error_or_null, gpointer)
 */
RaqamEvaluator *raqam_evaluator_new (void);

/**
 * raqam_evaluator_evaluate:
 * @model_path: as raqam_model_load()
 * @data: paths for raqam_evaluation_data_load()
 */
void raqam_evaluator_evaluate (RaqamEvaluator *self, const char *model_path,
                               const char *const *data, const RaqamEvaluationSettings *settings);

/**
 * raqam_evaluator_judge_run:
 * @every: epochs: of each checkpoint in so many epochs one is judged, at least the
 *   first and the newest; 0 for every checkpoint there is
 *
 * Judges the checkpoints of a run that its timeline does not have with these
 * settings, oldest first. To be called again as new ones are saved.
 */
void raqam_evaluator_judge_run (RaqamEvaluator *self, const char *run_folder,
                                const char *const *data, double every,
                                const RaqamEvaluationSettings *settings);

/* Whether the last "progress" told of a run's timeline, not of an evaluation. */
gboolean raqam_evaluator_is_judging_run (RaqamEvaluator *self);

/* Gives up the request in hand and those that wait; each is answered. */
void raqam_evaluator_cancel (RaqamEvaluator *self);

/* The same of the requests of raqam_evaluator_evaluate() alone. */
void raqam_evaluator_cancel_evaluations (RaqamEvaluator *self);

/* The same of those of raqam_evaluator_judge_run() alone. */
void raqam_evaluator_cancel_timelines (RaqamEvaluator *self);

/* Joins the thread, after a cancel: the one call that blocks. Disposing does the same. */
void raqam_evaluator_close (RaqamEvaluator *self);

G_END_DECLS
