/* evaluate-eye.c — judging by eye: real beside generated, and the blind test.
 * SPDX-License-Identifier: MIT */

#include "app/evaluate-eye.h"

#include "app/blind-test.h"
#include "app/digit-row.h"
#include "app/sample-grid.h"
#include "app/spin.h"
#include "app/split.h"
#include "app/ui.h"
#include "engine/recipe.h"
#include "print/format.h"

#include <glib/gi18n.h>
#include <string.h>

#define COLUMNS RAQAM_N_DIGITS
#define ROWS 5
#define MOST_SEEDS 1000000

struct _RaqamEvaluateEye
{
  AdwBin parent_instance;

  GtkCheckButton  *all_button;
  RaqamDigitRow   *digits;
  GtkSpinButton   *seed;
  RaqamSampleGrid *real_grid;
  RaqamSampleGrid *generated_grid;
  RaqamBlindTest  *blind;

  RaqamEvaluation *evaluation; /* or NULL */
  RaqamDataset    *real;       /* or NULL */
};

G_DEFINE_FINAL_TYPE (RaqamEvaluateEye, raqam_evaluate_eye, ADW_TYPE_BIN)

/* What pictures are taken from. */
typedef struct
{
  const guint8 *images;
  const guint8 *labels;
  gsize         n;
} Pool;

/* A picture of @digit, all as likely: tries at random, and where the digit is rare
 * takes the next one there is. Returns: NULL where there is none. */
static const guint8 *
draw_one (GRand *random, const Pool *pool, int digit)
{
  gsize start = (gsize) g_rand_int_range (random, 0, (gint32) pool->n);

  for (int attempt = 0; attempt < 1000; attempt++)
    {
      gsize i = (gsize) g_rand_int_range (random, 0, (gint32) pool->n);

      if (pool->labels[i] == digit)
        return pool->images + i * RAQAM_IMAGE_SIZE;
    }
  for (gsize i = 0; i < pool->n; i++)
    if (pool->labels[(start + i) % pool->n] == digit)
      return pool->images + (start + i) % pool->n * RAQAM_IMAGE_SIZE;
  return NULL;
}

static void
fill (RaqamEvaluateEye *self, RaqamSampleGrid *grid, const Pool *pool, guint stream)
{
  guint32 seeds[] = { (guint32) gtk_spin_button_get_value (self->seed), stream };
  GRand *random = g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));
  gboolean all = gtk_check_button_get_active (self->all_button);
  gsize size = (gsize) COLUMNS * ROWS * RAQAM_IMAGE_SIZE;
  guint8 *pixels = g_malloc0 (size);
  g_autoptr (GBytes) bytes = g_bytes_new_take (pixels, size);

  for (int i = 0; i < COLUMNS * ROWS; i++)
    {
      int digit = all ? i % COLUMNS : raqam_digit_row_get_digit (self->digits);
      const guint8 *picture = draw_one (random, pool, digit);

      if (picture != NULL)
        memcpy (pixels + (gsize) i * RAQAM_IMAGE_SIZE, picture, RAQAM_IMAGE_SIZE);
    }
  g_rand_free (random);
  raqam_sample_grid_set_pixels (
    grid, bytes, COLUMNS, ROWS,
    all ? _("all digits") : raqam_format_persian_digit (raqam_digit_row_get_digit (self->digits)));
}

static void
show_cb (RaqamEvaluateEye *self)
{
  Pool pool;

  gtk_widget_set_sensitive (GTK_WIDGET (self->digits),
                            !gtk_check_button_get_active (self->all_button));
  if (self->evaluation != NULL)
    {
      pool = (Pool){ g_bytes_get_data (self->evaluation->pixels, NULL),
                     g_bytes_get_data (self->evaluation->labels, NULL),
                     (gsize) self->evaluation->settings.n_images };
      fill (self, self->generated_grid, &pool, 0);
    }
  if (self->real == NULL)
    {
      raqam_sample_grid_set_pixels (self->real_grid, NULL, 0, 0, NULL);
      return;
    }
  pool = (Pool){ raqam_dataset_get_images (self->real), raqam_dataset_get_labels (self->real),
                 raqam_dataset_get_n (self->real) };
  fill (self, self->real_grid, &pool, 1);
}

static void
shuffle_cb (RaqamEvaluateEye *self)
{
  gtk_spin_button_set_value (self->seed, g_random_int_range (0, MOST_SEEDS));
}

void
raqam_evaluate_eye_set (RaqamEvaluateEye *self, RaqamEvaluation *evaluation, RaqamDataset *real)
{
  g_return_if_fail (RAQAM_IS_EVALUATE_EYE (self));

  g_clear_pointer (&self->evaluation, raqam_evaluation_unref);
  g_clear_pointer (&self->real, raqam_dataset_unref);
  self->evaluation = raqam_evaluation_ref (evaluation);
  self->real = real != NULL ? raqam_dataset_ref (real) : NULL;
  show_cb (self);
  raqam_blind_test_set (self->blind, evaluation, real);
}

static void
raqam_evaluate_eye_dispose (GObject *object)
{
  RaqamEvaluateEye *self = RAQAM_EVALUATE_EYE (object);

  g_clear_pointer (&self->evaluation, raqam_evaluation_unref);
  g_clear_pointer (&self->real, raqam_dataset_unref);

  G_OBJECT_CLASS (raqam_evaluate_eye_parent_class)->dispose (object);
}

static void
raqam_evaluate_eye_class_init (RaqamEvaluateEyeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = raqam_evaluate_eye_dispose;

  g_type_ensure (RAQAM_TYPE_BLIND_TEST);
  g_type_ensure (RAQAM_TYPE_DIGIT_ROW);
  g_type_ensure (RAQAM_TYPE_SAMPLE_GRID);
  g_type_ensure (RAQAM_TYPE_SPLIT);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("evaluate-eye"));
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateEye, all_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateEye, digits);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateEye, seed);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateEye, real_grid);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateEye, generated_grid);
  gtk_widget_class_bind_template_child (widget_class, RaqamEvaluateEye, blind);
  gtk_widget_class_bind_template_callback (widget_class, show_cb);
  gtk_widget_class_bind_template_callback (widget_class, shuffle_cb);
}

static void
raqam_evaluate_eye_init (RaqamEvaluateEye *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  raqam_spin_localise (self->seed);
}
