/* blind-test.c — two pictures of a digit, one real, one generated: which is real?
 * SPDX-License-Identifier: MIT */

#include "app/blind-test.h"

#include "app/picture-cell.h"
#include "app/ui.h"
#include "engine/recipe.h"
#include "print/format.h"

#include <glib/gi18n.h>

#define SIDE 200

struct _RaqamBlindTest
{
  AdwBin parent_instance;

  GtkLabel         *question;
  GtkButton        *buttons[2];
  RaqamPictureCell *cells[2];
  GtkLabel         *names[2];
  GtkWidget        *next_button;
  GtkWidget        *again_button;
  GtkLabel         *statement;

  RaqamEvaluation *evaluation; /* or NULL */
  RaqamDataset    *real;       /* or NULL */
  GRand           *random;
  RaqamBlindScore  score;

  int      real_place; /* 0 or 1: which picture is the real one */
  gboolean answered;
};

G_DEFINE_FINAL_TYPE (RaqamBlindTest, raqam_blind_test, ADW_TYPE_BIN)

/* Returns: the number of one of the @n images that show @digit, all as likely; or -1 */
static gint64
draw_one (RaqamBlindTest *self, const guint8 *labels, gsize n, int digit)
{
  gsize n_found = 0, wanted;

  for (gsize i = 0; i < n; i++)
    n_found += labels[i] == digit;
  if (n_found == 0)
    return -1;
  wanted = (gsize) g_rand_int_range (self->random, 0, (gint32) n_found);
  for (gsize i = 0; i < n; i++)
    if (labels[i] == digit && wanted-- == 0)
      return (gint64) i;
  return -1;
}

static void
show_score (RaqamBlindTest *self)
{
  g_autofree char *text = raqam_blind_statement (&self->score);

  gtk_label_set_label (self->statement, text);
  gtk_widget_set_sensitive (self->again_button, self->score.n_asked > 0);
}

static void
show_pictures (RaqamBlindTest *self, gint64 real, gint64 generated)
{
  const guint8 *pixels[2];

  pixels[self->real_place] =
    raqam_dataset_get_images (self->real) + (gsize) real * RAQAM_IMAGE_SIZE;
  pixels[1 - self->real_place] = (const guint8 *) g_bytes_get_data (self->evaluation->pixels, NULL)
                                 + (gsize) generated * RAQAM_IMAGE_SIZE;
  for (int i = 0; i < 2; i++)
    {
      raqam_picture_cell_set (self->cells[i], pixels[i],
                              i == 0 ? _("First picture") : _("Second picture"));
      gtk_label_set_label (self->names[i], " ");
      gtk_widget_remove_css_class (GTK_WIDGET (self->names[i]), "success");
      gtk_widget_remove_css_class (GTK_WIDGET (self->names[i]), "error");
    }
}

static void
ask (RaqamBlindTest *self)
{
  int digit = g_rand_int_range (self->random, 0, RAQAM_N_DIGITS);
  gsize n_real = raqam_dataset_get_n (self->real);
  gint64 real = draw_one (self, raqam_dataset_get_labels (self->real), n_real, digit);
  gint64 generated = draw_one (self, g_bytes_get_data (self->evaluation->labels, NULL),
                               (gsize) self->evaluation->settings.n_images, digit);
  g_autofree char *text = NULL;

  if (real < 0 || generated < 0)
    return;
  self->answered = FALSE;
  self->real_place = g_rand_boolean (self->random) ? 1 : 0;
  show_pictures (self, real, generated);
  /* Translators: %s is a Persian digit */
  text = g_strdup_printf (_("Which %s did a person write?"), raqam_format_persian_digit (digit));
  gtk_label_set_label (self->question, text);
  gtk_widget_set_sensitive (self->next_button, FALSE);
}

static void
answer (RaqamBlindTest *self, int place)
{
  gboolean right = place == self->real_place;

  self->answered = TRUE;
  self->score.n_asked++;
  self->score.n_right += right;
  for (int i = 0; i < 2; i++)
    gtk_label_set_label (self->names[i],
                         i == self->real_place ? _("written by a person") : _("generated"));
  gtk_label_set_label (self->question, right ? _("✓ Right") : _("✗ No, the other one"));
  gtk_widget_add_css_class (GTK_WIDGET (self->names[place]), right ? "success" : "error");
  gtk_widget_set_sensitive (self->next_button, TRUE);
  show_score (self);
}

static void
press (RaqamBlindTest *self, int place)
{
  if (self->evaluation == NULL || self->real == NULL)
    return;
  if (self->answered)
    ask (self);
  else
    answer (self, place);
}

static void
first_cb (RaqamBlindTest *self)
{
  press (self, 0);
}

static void
second_cb (RaqamBlindTest *self)
{
  press (self, 1);
}

static void
next_cb (RaqamBlindTest *self)
{
  if (self->answered)
    press (self, 0);
  gtk_widget_grab_focus (GTK_WIDGET (self->buttons[0]));
}

static void
again_cb (RaqamBlindTest *self)
{
  self->score = (RaqamBlindScore){ 0 };
  show_score (self);
  if (self->evaluation != NULL && self->real != NULL)
    ask (self);
}

/* The arrows mean sides of the screen, whichever picture comes first there. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                RaqamBlindTest *self)
{
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  if (key == GDK_KEY_Left || key == GDK_KEY_KP_Left)
    press (self, mirrored ? 1 : 0);
  else if (key == GDK_KEY_Right || key == GDK_KEY_KP_Right)
    press (self, mirrored ? 0 : 1);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

void
raqam_blind_test_set (RaqamBlindTest *self, RaqamEvaluation *evaluation, RaqamDataset *real)
{
  g_return_if_fail (RAQAM_IS_BLIND_TEST (self));

  g_clear_pointer (&self->evaluation, raqam_evaluation_unref);
  g_clear_pointer (&self->real, raqam_dataset_unref);
  self->evaluation = evaluation != NULL ? raqam_evaluation_ref (evaluation) : NULL;
  self->real = real != NULL ? raqam_dataset_ref (real) : NULL;
  gtk_widget_set_sensitive (GTK_WIDGET (self), evaluation != NULL && real != NULL);
  again_cb (self);
}

const RaqamBlindScore *
raqam_blind_test_get_score (RaqamBlindTest *self)
{
  g_return_val_if_fail (RAQAM_IS_BLIND_TEST (self), NULL);

  return &self->score;
}

static void
raqam_blind_test_finalize (GObject *object)
{
  RaqamBlindTest *self = RAQAM_BLIND_TEST (object);

  g_clear_pointer (&self->evaluation, raqam_evaluation_unref);
  g_clear_pointer (&self->real, raqam_dataset_unref);
  g_rand_free (self->random);

  G_OBJECT_CLASS (raqam_blind_test_parent_class)->finalize (object);
}

static void
raqam_blind_test_class_init (RaqamBlindTestClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = raqam_blind_test_finalize;

  g_type_ensure (RAQAM_TYPE_PICTURE_CELL);
  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("blind-test"));
  gtk_widget_class_bind_template_child (widget_class, RaqamBlindTest, question);
  gtk_widget_class_bind_template_child_full (widget_class, "first_button", FALSE,
                                             G_STRUCT_OFFSET (RaqamBlindTest, buttons[0]));
  gtk_widget_class_bind_template_child_full (widget_class, "second_button", FALSE,
                                             G_STRUCT_OFFSET (RaqamBlindTest, buttons[1]));
  gtk_widget_class_bind_template_child_full (widget_class, "first_cell", FALSE,
                                             G_STRUCT_OFFSET (RaqamBlindTest, cells[0]));
  gtk_widget_class_bind_template_child_full (widget_class, "second_cell", FALSE,
                                             G_STRUCT_OFFSET (RaqamBlindTest, cells[1]));
  gtk_widget_class_bind_template_child_full (widget_class, "first_name", FALSE,
                                             G_STRUCT_OFFSET (RaqamBlindTest, names[0]));
  gtk_widget_class_bind_template_child_full (widget_class, "second_name", FALSE,
                                             G_STRUCT_OFFSET (RaqamBlindTest, names[1]));
  gtk_widget_class_bind_template_child (widget_class, RaqamBlindTest, next_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamBlindTest, again_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamBlindTest, statement);
  gtk_widget_class_bind_template_callback (widget_class, first_cb);
  gtk_widget_class_bind_template_callback (widget_class, second_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, again_cb);
}

static void
raqam_blind_test_init (RaqamBlindTest *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->random = g_rand_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  for (int i = 0; i < 2; i++)
    raqam_picture_cell_set_side (self->cells[i], SIDE);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  raqam_blind_test_set (self, NULL, NULL);
}
