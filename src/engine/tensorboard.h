/* tensorboard.h — a run as an event file of TensorBoard.
 * SPDX-License-Identifier: MIT
 *
 * A file of TFRecords (length, masked CRC-32C of it, payload, masked CRC-32C of
 * that), each an Event of tensorflow/core/util/event.proto: first the version
 * "brain.Event:2", then by rising step
 *
 *   loss/generator, loss/discriminator           of metrics.csv, every step
 *   probability/real, probability/fakes
 *   rate/generator, rate/discriminator
 *   quality/accuracy, quality/fid                of quality.csv, every judged checkpoint
 *   accuracy_of/0 … accuracy_of/9, fid_of/0 … fid_of/9
 *   samples                                      an image: samples/step-….png
 *
 * A NaN is written as NaN. TensorBoard also wants a time of day for each event. The
 * run knows only when it began and when it last changed: the steps are spread
 * evenly between the two. The same run gives the same bytes.
 */

#pragma once

#include <gio/gio.h>

#include "engine/run.h"

G_BEGIN_DECLS

typedef struct
{
  char  *path;      /* of the event file */
  gsize  n_points;  /* steps with their curves */
  gsize  n_judged;  /* checkpoints with their quality */
  gsize  n_images;
  gsize  n_damaged; /* files in samples/ that are no whole PNG, and were left out */
} RaqamTensorboardResult;

/* @done: of all, 0 to 1 */
typedef void (*RaqamTensorboardProgress) (double done, gpointer data);

/**
 * raqam_tensorboard_write:
 * @result: overwritten; raqam_tensorboard_result_clear()
 * @folder: TensorBoard's "logdir"; made where it is not there
 * @progress: (nullable): called now and then, in this thread
 * @error: RAQAM_ERROR_RUN when the run has nothing to write or cannot be read;
 *   G_FILE_ERROR when nothing can be written; G_IO_ERROR_CANCELLED
 *
 * Writes @folder/NAME/events.out.tfevents.SECONDS.HOST.raqam, where NAME is that of
 * the run's folder and SECONDS when the run began, so that a second time replaces
 * the first. It takes as long as the run is large. Any thread.
 *
 * Returns: FALSE with @error set; what was there before is then unchanged
 */
gboolean raqam_tensorboard_write (RaqamTensorboardResult *result, const RaqamRun *run,
                                  const char *folder, RaqamTensorboardProgress progress,
                                  gpointer progress_data, GCancellable *cancellable,
                                  GError **error);

void raqam_tensorboard_result_clear (RaqamTensorboardResult *result);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RaqamTensorboardResult, raqam_tensorboard_result_clear)

G_END_DECLS
