/* morph.c — pictures that turn into one another, as an animation.
 * SPDX-License-Identifier: MIT */

#include "engine/morph.h"

#include "engine/blend.h"
#include "engine/generator.h"
#include "engine/gif.h"
#include "engine/picture.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define BATCH 10
#define MAX_SIDE 4096
#define MAX_FOLDERS 10000

static guint
count_legs (const RaqamMorph *morph)
{
  return morph->loop ? morph->n_styles : morph->n_styles - 1;
}

guint
raqam_morph_count (const RaqamMorph *morph)
{
  return count_legs (morph) * morph->frames_per_leg + (morph->loop ? 0 : 1);
}

static guint
leg_of (const RaqamMorph *morph, guint frame)
{
  return MIN (frame / morph->frames_per_leg, count_legs (morph) - 1);
}

void
raqam_morph_style (RaqamStyle *style, const RaqamMorph *morph, guint frame)
{
  guint leg = leg_of (morph, frame);
  double t = (double) (frame - leg * morph->frames_per_leg) / morph->frames_per_leg;

  g_return_if_fail (frame < raqam_morph_count (morph));

  raqam_style_between (style, &morph->styles[leg], &morph->styles[(leg + 1) % morph->n_styles],
                       morph->eased ? t * t * (3 - 2 * t) : t);
}

/* A model whose label k is k hundredths of the way from @style's digit to its other one. */
static RaqamModel *
model_of_leg (const RaqamModel *model, const RaqamStyle *style)
{
  int other = style->other != style->digit ? style->other
                                           : (style->digit + 1) % model->recipe->n_classes;

  return raqam_model_blend (model, style->digit, other, RAQAM_MIX_MAX + 1);
}

/* @generator: made where it is NULL */
static gboolean
take_leg (RaqamGenerator **generator, const RaqamModel *model, const RaqamStyle *style,
          const RaqamMorphWork *work, GError **error)
{
  g_autoptr (RaqamModel) blend = model_of_leg (model, style);

  if (*generator != NULL)
    return raqam_generator_set_model (*generator, blend, error);
  *generator = raqam_generator_new (blend, work->device, work->options, BATCH, error);
  return *generator != NULL;
}

/* @pixels: (BATCH, 784), overwritten
 * Returns: how many frames from @first on were drawn: as many as are of its leg; 0 with @error */
static int
draw_some (RaqamGenerator *generator, guint8 *pixels, const RaqamMorph *morph,
           const RaqamModel *model, guint first, GError **error)
{
  int latent = model->recipe->latent, n = 0;
  g_autofree float *z = g_new (float, (gsize) BATCH * latent);
  guint8 labels[BATCH];

  while (n < BATCH && first + n < raqam_morph_count (morph)
         && leg_of (morph, first + n) == leg_of (morph, first))
    {
      RaqamStyle style;

      raqam_morph_style (&style, morph, first + n);
      raqam_style_effective (z + (gsize) n * latent, &style);
      labels[n++] = (guint8) style.mix;
    }
  if (!raqam_generator_draw (generator, pixels, z, labels, n, error))
    return 0;
  raqam_generator_clear_paper (pixels, (gsize) n * RAQAM_IMAGE_SIZE, model->recipe);
  return n;
}

gboolean
raqam_morph_draw (const RaqamModel *model, const RaqamMorph *morph, const RaqamMorphWork *work,
                  RaqamMorphFrame frame, gpointer data, GError **error)
{
  g_autoptr (RaqamGenerator) generator = NULL;
  guint8 pixels[BATCH * RAQAM_IMAGE_SIZE];
  guint n_frames, done = 0;

  g_return_val_if_fail (morph->n_styles >= 2 && morph->frames_per_leg >= 1, FALSE);
  g_return_val_if_fail (morph->styles[0].latent == model->recipe->latent, FALSE);

  n_frames = raqam_morph_count (morph);
  while (done < n_frames)
    {
      RaqamStyle style;
      int n;

      raqam_morph_style (&style, morph, done);
      if (g_cancellable_set_error_if_cancelled (work->cancellable, error)
          || ((done == 0 || leg_of (morph, done) != leg_of (morph, done - 1))
              && !take_leg (&generator, model, &style, work, error))
          || (n = draw_some (generator, pixels, morph, model, done, error)) == 0)
        return FALSE;
      for (int i = 0; i < n; i++, done++)
        {
          if (g_cancellable_set_error_if_cancelled (work->cancellable, error)
              || !frame (done, pixels + (gsize) i * RAQAM_IMAGE_SIZE, data, error))
            return FALSE;
          if (work->progress != NULL)
            work->progress (done + 1, n_frames, work->data);
        }
    }
  return TRUE;
}

typedef struct
{
  const RaqamMorphLook *look;
  guint8               *large; /* (side, side) */
  RaqamGif             *gif;
  const char           *folder;
  guint                 n_frames;
  guint                 n_written;
} Export;

static void
enlarge_nearest (guint8 *out, int side, const guint8 *pixels)
{
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      out[(gsize) y * side + x]
        = pixels[y * RAQAM_IMAGE_SIDE / side * RAQAM_IMAGE_SIDE + x * RAQAM_IMAGE_SIDE / side];
}

/* Fills export->large: black on white. */
static void
prepare_frame (Export *export, const guint8 *pixels)
{
  const RaqamMorphLook *look = export->look;
  gsize n = (gsize) look->side * look->side;

  if (look->enlarge != NULL)
    look->enlarge (export->large, look->side, pixels, look->data);
  else
    enlarge_nearest (export->large, look->side, pixels);
  for (gsize i = 0; i < n; i++)
    export->large[i] = 255 - export->large[i];
}

static gboolean
gif_frame (guint frame, const guint8 *pixels, gpointer data, GError **error)
{
  Export *export = data;

  prepare_frame (export, pixels);
  return raqam_gif_add (export->gif, export->large, error);
}

gboolean
raqam_morph_save_gif (const RaqamModel *model, const RaqamMorph *morph, const RaqamMorphLook *look,
                      const char *path, int delay, const RaqamMorphWork *work, GError **error)
{
  g_autofree guint8 *large = NULL;
  g_autoptr (RaqamGif) gif = NULL;
  Export export = { .look = look };

  g_return_val_if_fail (look->side >= RAQAM_IMAGE_SIDE && look->side <= MAX_SIDE, FALSE);

  export.large = large = g_malloc ((gsize) look->side * look->side);
  export.gif = gif = raqam_gif_new (path, look->side, look->side, delay, error);
  return gif != NULL && raqam_morph_draw (model, morph, work, gif_frame, &export, error)
         && raqam_gif_commit (gif, error);
}

static char *
frame_path (const Export *export, guint frame)
{
  g_autofree char *last = g_strdup_printf ("%u", export->n_frames);
  g_autofree char *name
    = g_strdup_printf ("frame-%0*u.png", (int) MAX (strlen (last), 4), frame + 1);

  return g_build_filename (export->folder, name, NULL);
}

static gboolean
png_frame (guint frame, const guint8 *pixels, gpointer data, GError **error)
{
  Export *export = data;
  int side = export->look->side;
  g_autofree char *path = frame_path (export, frame);

  prepare_frame (export, pixels);
  if (!raqam_picture_save (path, export->large, side, side, NULL, 0, error))
    return FALSE;
  export->n_written++;
  return TRUE;
}

static char *
make_folder (const char *parent, const char *name, GError **error)
{
  g_autofree char *shown = g_filename_display_name (parent);
  int number = 1, reason;

  do
    {
      g_autofree char *numbered = number > 1 ? g_strdup_printf ("%s %d", name, number) : NULL;
      g_autofree char *path = g_build_filename (parent, numbered != NULL ? numbered : name, NULL);

      if (g_mkdir (path, 0777) == 0)
        return g_steal_pointer (&path);
      reason = errno;
    }
  while (reason == EEXIST && ++number <= MAX_FOLDERS);

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (reason),
               _("No folder for the frames could be made in “%s”: %s"), shown,
               g_strerror (reason));
  return NULL;
}

static void
remove_frames (const Export *export)
{
  for (guint i = 0; i < export->n_written; i++)
    {
      g_autofree char *path = frame_path (export, i);

      g_unlink (path);
    }
  g_rmdir (export->folder);
}

char *
raqam_morph_save_frames (const RaqamModel *model, const RaqamMorph *morph,
                         const RaqamMorphLook *look, const char *parent, const char *name,
                         const RaqamMorphWork *work, GError **error)
{
  g_autofree guint8 *large = NULL;
  g_autofree char *folder = NULL;
  Export export = { .look = look, .n_frames = raqam_morph_count (morph) };

  g_return_val_if_fail (look->side >= RAQAM_IMAGE_SIDE && look->side <= MAX_SIDE, NULL);

  export.large = large = g_malloc ((gsize) look->side * look->side);
  export.folder = folder = make_folder (parent, name, error);
  if (folder == NULL)
    return NULL;
  if (!raqam_morph_draw (model, morph, work, png_frame, &export, error))
    {
      remove_frames (&export);
      return NULL;
    }
  return g_steal_pointer (&folder);
}
