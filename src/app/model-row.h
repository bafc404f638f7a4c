/* model-row.h — a model: its name, its run's other checkpoints, and the way to another one.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

#include "engine/model.h"

G_BEGIN_DECLS

#define RAQAM_TYPE_MODEL_ROW (raqam_model_row_get_type ())
G_DECLARE_FINAL_TYPE (RaqamModelRow, raqam_model_row, RAQAM, MODEL_ROW, AdwBin)

/**
 * RaqamModelRow:
 *
 * Properties:
 * "caption" (string, read-only, notifies): the name and epoch, for below a picture
 * "suffix" (GtkWidget): beside the button that opens another model
 * "choose-label" (string): what that button does
 * "time-label" (string): what a screen reader calls the slider of epochs
 *
 * Signal "picked": void (RaqamModelRow *, const char *path, gpointer): another model is
 *   asked for: a file, or a run's folder
 */

/**
 * raqam_model_row_set_model:
 * @model: (nullable)
 * @training: whether it is the one that trains now
 *
 * The checkpoints of its run are looked for in a thread.
 */
void raqam_model_row_set_model (RaqamModelRow *self, const RaqamModel *model, gboolean training);

/* @path: (nullable): the model that will come next; NULL where none does: the slider waits
 * there, or goes back to what is shown. */
void raqam_model_row_await (RaqamModelRow *self, const char *path);

/* Tells that @path was saved; it is looked for where it is of the same run. */
void raqam_model_row_saved (RaqamModelRow *self, const char *path);

/* Asks for the checkpoint that is @by later than what is shown; earlier below 0. */
void raqam_model_row_step (RaqamModelRow *self, int by);

/* As raqam_model_chooser_choose_file() and raqam_model_chooser_choose_folder(). */
void raqam_model_row_choose_file   (RaqamModelRow *self);
void raqam_model_row_choose_folder (RaqamModelRow *self);

G_END_DECLS
