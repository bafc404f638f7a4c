/* model-chooser.h — all runs to open a model of, and the way to any other file.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define RAQAM_TYPE_MODEL_CHOOSER (raqam_model_chooser_get_type ())
G_DECLARE_FINAL_TYPE (RaqamModelChooser, raqam_model_chooser, RAQAM, MODEL_CHOOSER, AdwBin)

/**
 * RaqamModelChooser:
 *
 * Lies in a popover, which it puts away once something is picked. The runs are read
 * in a thread each time it comes to be seen.
 *
 * Signal "picked": void (RaqamModelChooser *, const char *path, gpointer): a run's folder
 *   or a file
 */

/* Ask for a file or a folder; the answer comes by "picked". */
void raqam_model_chooser_choose_file   (RaqamModelChooser *self);
void raqam_model_chooser_choose_folder (RaqamModelChooser *self);

G_END_DECLS
