/* morph.h — pictures that turn into one another, as an animation.
 * SPDX-License-Identifier: MIT */

#pragma once

#include <gio/gio.h>

#include "engine/backend.h"
#include "engine/model.h"
#include "engine/style.h"

G_BEGIN_DECLS

/* Plain data. */
typedef struct
{
  const RaqamStyle *styles;         /* (n_styles), all of the model's latent */
  guint             n_styles;       /* at least 2 */
  guint             frames_per_leg; /* from a style to before the next; at least 1 */
  gboolean          loop;           /* a last leg leads back to the first style */
  gboolean          eased;          /* slow where a style is, quicker between them */
} RaqamMorph;

/* Returns: how many frames there are: the last style of one that is no loop is one more */
guint raqam_morph_count (const RaqamMorph *morph);

/**
 * raqam_morph_style:
 * @style: overwritten
 * @frame: below raqam_morph_count()
 *
 * By raqam_style_between(); frame k · frames_per_leg is style k, under its main
 * digit. Eased, the way t of a leg is t² (3 − 2t) instead.
 */
void raqam_morph_style (RaqamStyle *style, const RaqamMorph *morph, guint frame);

/* How it is drawn. */
typedef struct
{
  const char               *device;      /* "auto", "cpu" or "cuda" */
  const RaqamDeviceOptions *options;
  GCancellable             *cancellable; /* or NULL; looked at before every frame */
  /* NULL, or called in the drawing thread after every frame */
  void                    (*progress) (guint done, guint n, gpointer data);
  gpointer                  data;
} RaqamMorphWork;

/* @pixels: (784), 255 is ink, as raqam_generator_clear_paper() leaves it. FALSE with
 * @error ends the drawing. */
typedef gboolean (*RaqamMorphFrame) (guint frame, const guint8 *pixels, gpointer data,
                                     GError **error);

/**
 * raqam_morph_draw:
 * @model: with a label for every style's digits
 * @frame: called once for every frame, in order
 * @error: as raqam_generator_new(), G_IO_ERROR_CANCELLED, or @frame's
 *
 * Draws in the calling thread, on a device of its own; labels are mixed by
 * raqam_model_blend(), in hundredths.
 *
 * Returns: FALSE with @error set
 */
gboolean raqam_morph_draw (const RaqamModel *model, const RaqamMorph *morph,
                           const RaqamMorphWork *work, RaqamMorphFrame frame, gpointer data,
                           GError **error);

/* How a frame looks: ink black on white paper. */
typedef struct
{
  int side; /* in pixels, 28 to 4096 */
  /* @out: (side, side), overwritten, 255 is ink; in the drawing thread. NULL: the
   * nearest pixel */
  void (*enlarge) (guint8 *out, int side, const guint8 *pixels, gpointer data);
  gpointer data;
} RaqamMorphLook;

/**
 * raqam_morph_save_gif:
 * @path: replaced once all is drawn; what was there stays when it fails or is cancelled
 * @delay: of a frame, as raqam_gif_new()
 * @error: as raqam_morph_draw() or raqam_gif_new()
 *
 * Returns: FALSE with @error set
 */
gboolean raqam_morph_save_gif (const RaqamModel *model, const RaqamMorph *morph,
                               const RaqamMorphLook *look, const char *path, int delay,
                               const RaqamMorphWork *work, GError **error);

/**
 * raqam_morph_save_frames:
 * @parent: a folder that exists, in the file system's encoding
 * @name: of the folder to be made in it; "NAME 2", "NAME 3", … where it is there
 * @error: as raqam_morph_draw() or raqam_picture_save(); G_FILE_ERROR for the folder
 *
 * Saves frame-0001.png and so on in a new folder, which is removed again when it
 * fails or is cancelled.
 *
 * Returns: (transfer full): the folder's path; NULL with @error set
 */
char *raqam_morph_save_frames (const RaqamModel *model, const RaqamMorph *morph,
                               const RaqamMorphLook *look, const char *parent, const char *name,
                               const RaqamMorphWork *work, GError **error);

G_END_DECLS
