/* explore-directions.c — sliders along which the digit's pictures vary most.
 * SPDX-License-Identifier: MIT */

#include "app/explore-directions.h"

#include "app/direction-row.h"
#include "app/signed-number.h"
#include "app/ui.h"
#include "engine/directions-book.h"
#include "engine/directions-finder.h"
#include "print/format.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MOST_ROWS (RAQAM_ENGINE_MAX_IMAGES / 2)

/* A row's direction. */
typedef struct
{
  int      latent;
  gboolean kept;
  gboolean renamed;
  float    vector[RAQAM_MAX_LATENT];
} Line;

struct _RaqamExploreDirections
{
  RaqamExplorePanel parent_instance;

  GtkLabel   *heading;
  GtkWidget  *zero_button;
  GtkBox     *rows;
  GtkWidget  *waiting;
  GtkSpinner *spinner;
  GtkLabel   *waiting_label;
  GtkLabel   *problem_label;

  RaqamDirectionsFinder *finder; /* NULL before it is started */
  RaqamDirectionsBook   *book;
  gboolean               book_read;
  GPtrArray             *widgets; /* of RaqamDirectionRow, borrowed; as many as lines */
  GArray                *lines;   /* of Line */
  int                    digit;   /* that the lines are of, or −1 */
};

G_DEFINE_FINAL_TYPE (RaqamExploreDirections, raqam_explore_directions, RAQAM_TYPE_EXPLORE_PANEL)

static RaqamExploreScene *
scene_of (RaqamExploreDirections *self)
{
  return raqam_explore_panel_get_scene (RAQAM_EXPLORE_PANEL (self));
}

static const RaqamStyle *
style_of (RaqamExploreDirections *self)
{
  return raqam_explore_scene_get_style (scene_of (self));
}

static double
place_of (const RaqamStyle *style, const Line *line)
{
  return raqam_direction_cosine (style->z, line->vector, line->latent);
}

static void
move (RaqamStyle *style, const Line *line, double value)
{
  double step = value - place_of (style, line);

  for (int i = 0; i < line->latent; i++)
    style->z[i] += (float) (step * line->vector[i]);
}

/* The lines are of another latent vector until a new model's directions are shown. */
static gboolean
fits (RaqamExploreDirections *self, const Line *line)
{
  return line->latent == style_of (self)->latent;
}

static Line *
line_of (RaqamExploreDirections *self, RaqamDirectionRow *row)
{
  guint index;

  if (!g_ptr_array_find (self->widgets, row, &index) || index >= self->lines->len)
    return NULL;
  return &g_array_index (self->lines, Line, index);
}

static void
go_to (RaqamExploreDirections *self, RaqamDirectionRow *row, double value, const char *gesture)
{
  const Line *line = line_of (self, row);
  RaqamStyle style = *style_of (self);

  if (line == NULL || !fits (self, line))
    return;
  move (&style, line, value);
  raqam_explore_scene_set_style (scene_of (self), &style, gesture);
}

static void
moved_cb (RaqamDirectionRow *row, double value, RaqamExploreDirections *self)
{
  go_to (self, row, value, "direction");
}

static void
picked_cb (RaqamDirectionRow *row, double value, RaqamExploreDirections *self)
{
  go_to (self, row, value, NULL);
}

/* Directions that are kept need not be at right angles to the others: what one takes
 * away, another brings back in part. */
static void
zero_cb (RaqamExploreDirections *self)
{
  RaqamStyle style = *style_of (self);

  for (int pass = 0; pass < 100; pass++)
    for (guint i = 0; i < self->lines->len; i++)
      if (fits (self, &g_array_index (self->lines, Line, i)))
        move (&style, &g_array_index (self->lines, Line, i), 0);
  raqam_explore_scene_set_style (scene_of (self), &style, NULL);
}

/* Both ends of every direction, in one request. */
static void
ask (RaqamExploreDirections *self)
{
  guint n = self->lines->len;
  g_autofree RaqamStyle *styles = g_new (RaqamStyle, 2 * MAX (n, 1));

  if (n == 0 || !fits (self, &g_array_index (self->lines, Line, 0)))
    return;
  for (guint i = 0; i < 2 * n; i++)
    {
      styles[i] = *style_of (self);
      move (&styles[i], &g_array_index (self->lines, Line, i / 2),
            i % 2 == 0 ? -RAQAM_DIRECTION_REACH : RAQAM_DIRECTION_REACH);
    }
  raqam_explore_scene_draw (scene_of (self), RAQAM_SCENE_DIRECTIONS, styles, 2 * n);
}

static void
drawn_cb (RaqamExploreScene *scene, guint slot, GBytes *pixels, RaqamExploreDirections *self)
{
  const guint8 *data = g_bytes_get_data (pixels, NULL);

  /* Asked for before there were more rows or fewer. */
  if (g_bytes_get_size (pixels) != 2 * self->lines->len * RAQAM_IMAGE_SIZE)
    return;
  for (guint i = 0; i < self->lines->len; i++)
    raqam_direction_row_set_pixels (g_ptr_array_index (self->widgets, i),
                                    data + 2 * i * RAQAM_IMAGE_SIZE);
}

static void
show_values (RaqamExploreDirections *self)
{
  gboolean away = FALSE;

  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = &g_array_index (self->lines, Line, i);
      double place = fits (self, line) ? place_of (style_of (self), line) : 0;

      raqam_direction_row_set_value (g_ptr_array_index (self->widgets, i), place);
      away = away || fabs (place) > 1e-3;
    }
  gtk_widget_set_sensitive (self->zero_button, away);
}

static const char *
meaning_name (int meaning)
{
  static const char *const names[RAQAM_N_SHAPES] = {
    [RAQAM_SHAPE_SLANT] = N_("Slant"),         [RAQAM_SHAPE_STROKE] = N_("Stroke width"),
    [RAQAM_SHAPE_HEIGHT] = N_("Height"),       [RAQAM_SHAPE_WIDTH] = N_("Width"),
    [RAQAM_SHAPE_ROUNDNESS] = N_("Roundness"), [RAQAM_SHAPE_INK] = N_("Ink"),
  };

  return _(names[meaning]);
}

static char *
describe (const RaqamDirection *direction)
{
  g_autofree char *share = raqam_format_number (100 * direction->share, 1);
  GString *text = g_string_new (NULL);

  /* Translators: a number */
  g_string_append_printf (text, _("Explains %s %% of how the pictures vary."), share);
  g_string_append_printf (text, "\n%s", _("From −2 to +2, in standard deviations:"));
  for (int m = 0; m < RAQAM_N_SHAPES; m++)
    {
      g_autofree char *effect = raqam_signed_number (direction->effects[m], 1);

      /* Translators: what a direction changes, and by how much: "Slant 1.9" */
      g_string_append_printf (text, _("\n%s %s"), meaning_name (m), effect);
    }
  return g_string_free (text, FALSE);
}

static void
save_book (RaqamExploreDirections *self)
{
  g_autofree char *path = raqam_directions_book_path ();
  g_autofree char *message = NULL;
  g_autoptr (GError) error = NULL;

  if (raqam_directions_book_save (self->book, path, &error))
    return;
  message = g_strdup_printf (_("The names of directions could not be saved: %s"), error->message);
  raqam_explore_scene_problem (scene_of (self), message);
}

static void show_lines (RaqamExploreDirections *self);

static void
set_name (RaqamExploreDirections *self, const Line *line, int digit, const char *name)
{
  raqam_directions_book_set (self->book, digit, line->latent, line->vector, name);
  save_book (self);
  show_lines (self);
}

static void
renamed_cb (RaqamDirectionRow *row, const char *name, RaqamExploreDirections *self)
{
  const Line *line = line_of (self, row);

  if (line != NULL)
    set_name (self, line, line->kept ? RAQAM_DIRECTION_EVERY_DIGIT : self->digit, name);
}

static void
reset_cb (RaqamDirectionRow *row, RaqamExploreDirections *self)
{
  const Line *line = line_of (self, row);

  if (line != NULL)
    set_name (self, line, self->digit, NULL);
}

static void
keep_cb (RaqamDirectionRow *row, gboolean keep, RaqamExploreDirections *self)
{
  const Line *line = line_of (self, row);

  if (line != NULL)
    set_name (self, line, RAQAM_DIRECTION_EVERY_DIGIT,
              keep ? raqam_direction_row_get_name (row) : NULL);
}

static void
add_row (RaqamExploreDirections *self)
{
  GtkWidget *row = raqam_direction_row_new ();

  g_signal_connect (row, "moved", G_CALLBACK (moved_cb), self);
  g_signal_connect (row, "picked", G_CALLBACK (picked_cb), self);
  g_signal_connect (row, "renamed", G_CALLBACK (renamed_cb), self);
  g_signal_connect (row, "reset", G_CALLBACK (reset_cb), self);
  g_signal_connect (row, "keep", G_CALLBACK (keep_cb), self);
  gtk_box_append (self->rows, row);
  g_ptr_array_add (self->widgets, row);
}

/* Adds a line and says it in its row, which is made where there is none. */
static void
add_line (RaqamExploreDirections *self, const Line *line, const char *name, const char *details)
{
  if (self->lines->len >= MOST_ROWS)
    return;
  g_array_append_val (self->lines, *line);
  if (self->widgets->len < self->lines->len)
    add_row (self);
  raqam_direction_row_set (g_ptr_array_index (self->widgets, self->lines->len - 1), name, details,
                           line->renamed, line->kept);
}

static void
add_kept (RaqamExploreDirections *self)
{
  int latent = style_of (self)->latent;
  const RaqamNamedDirection *kept;

  for (guint i = 0; (kept = raqam_directions_book_get_kept (self->book, latent, i)) != NULL; i++)
    {
      Line line = { .latent = latent, .kept = TRUE };

      memcpy (line.vector, kept->vector, sizeof (float) * latent);
      add_line (self, &line, kept->name, _("Kept for every digit"));
    }
}

/* The user's name goes with the sense in which it was given. */
static void
take_sense (Line *line, const RaqamNamedDirection *named)
{
  if (raqam_direction_cosine (named->vector, line->vector, line->latent) >= 0)
    return;
  for (int i = 0; i < line->latent; i++)
    line->vector[i] = -line->vector[i];
}

static void
add_found (RaqamExploreDirections *self, const RaqamDirections *found)
{
  int unnamed = 0;

  for (int d = 0; d < found->n; d++)
    {
      const RaqamDirection *direction = &found->list[d];
      const RaqamNamedDirection *named
        = raqam_directions_book_find (self->book, self->digit, found->latent, direction->vector);
      g_autofree char *details = describe (direction);
      g_autofree char *number = NULL;
      g_autofree char *name = NULL;
      Line line = { .latent = found->latent, .renamed = named != NULL };

      if (direction->meaning == RAQAM_DIRECTION_UNNAMED)
        unnamed++;
      number = raqam_format_integer (unnamed);
      if (raqam_directions_book_find (self->book, RAQAM_DIRECTION_EVERY_DIGIT, found->latent,
                                      direction->vector)
          != NULL)
        continue;

      memcpy (line.vector, direction->vector, sizeof line.vector);
      if (named != NULL)
        {
          take_sense (&line, named);
          name = g_strdup (named->name);
        }
      else if (direction->meaning != RAQAM_DIRECTION_UNNAMED)
        name = g_strdup (meaning_name (direction->meaning));
      else
        /* Translators: a direction without a name, by its number */
        name = g_strdup_printf (_("Direction %s"), number);
      add_line (self, &line, name, details);
    }
}

static void
show_waiting (RaqamExploreDirections *self, gboolean waiting)
{
  const char *digit = raqam_format_persian_digit (self->digit);
  /* Translators: a Persian digit */
  g_autofree char *heading = g_strdup_printf (_("Directions of %s"), digit);
  g_autofree char *label = g_strdup_printf (_("Finding the directions of %s…"), digit);

  gtk_label_set_label (self->heading, heading);
  gtk_label_set_label (self->waiting_label, label);
  gtk_widget_set_visible (self->waiting, waiting);
  gtk_spinner_set_spinning (self->spinner, waiting);
}

/* Makes the rows what book and finder say, and asks for their pictures. */
static void
show_lines (RaqamExploreDirections *self)
{
  const RaqamDirections *found;

  self->digit = raqam_style_main_digit (style_of (self));
  found = raqam_directions_finder_get (self->finder, self->digit);
  if (found != NULL && found->latent != style_of (self)->latent)
    found = NULL;

  g_array_set_size (self->lines, 0);
  add_kept (self);
  if (found != NULL)
    add_found (self, found);
  while (self->widgets->len > self->lines->len)
    {
      gtk_box_remove (self->rows, g_ptr_array_index (self->widgets, self->widgets->len - 1));
      g_ptr_array_set_size (self->widgets, (int) self->widgets->len - 1);
    }
  show_waiting (self, found == NULL);
  show_values (self);
  ask (self);
}

static void
show_problem (RaqamExploreDirections *self, const GError *error)
{
  g_autofree char *message = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), error != NULL);
  if (error == NULL)
    return;
  show_waiting (self, FALSE);
  message = g_strdup_printf (_("The directions could not be found: %s"), error->message);
  gtk_label_set_label (self->problem_label, message);
}

static void
found_cb (int digit, const GError *error, gpointer user_data)
{
  RaqamExploreDirections *self = user_data;

  if (digit != raqam_style_main_digit (style_of (self)))
    return;
  if (error == NULL)
    show_lines (self);
  show_problem (self, error);
}

static void
read_book (RaqamExploreDirections *self)
{
  g_autofree char *path = raqam_directions_book_path ();
  g_autofree char *message = NULL;
  g_autoptr (GError) error = NULL;

  if (self->book_read)
    return;
  self->book_read = TRUE;
  if (raqam_directions_book_load (self->book, path, &error))
    return;
  message = g_strdup_printf (_("The names of directions could not be read: %s"), error->message);
  raqam_explore_scene_problem (scene_of (self), message);
}

static void
raqam_explore_directions_start (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  RaqamExploreDirections *self = RAQAM_EXPLORE_DIRECTIONS (panel);

  self->finder = raqam_directions_finder_new (found_cb, self);
  g_signal_connect_object (scene, "drawn::directions", G_CALLBACK (drawn_cb), self, 0);
}

/* A followed model is another one twice a second: its rows stay as they are, unless its
 * directions are lost with it. */
static void
raqam_explore_directions_model_changed (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  RaqamExploreDirections *self = RAQAM_EXPLORE_DIRECTIONS (panel);
  int digit = raqam_style_main_digit (raqam_explore_scene_get_style (scene));

  read_book (self);
  raqam_directions_finder_want (self->finder, raqam_explore_scene_get_model (scene), digit);
  if (self->digit != digit || raqam_directions_finder_get (self->finder, digit) == NULL)
    {
      show_problem (self, NULL);
      show_lines (self);
    }
}

static void
raqam_explore_directions_changed (RaqamExplorePanel *panel, RaqamExploreScene *scene)
{
  RaqamExploreDirections *self = RAQAM_EXPLORE_DIRECTIONS (panel);
  int digit = raqam_style_main_digit (raqam_explore_scene_get_style (scene));

  if (digit != self->digit)
    {
      raqam_directions_finder_want (self->finder, raqam_explore_scene_get_model (scene), digit);
      show_problem (self, NULL);
      show_lines (self);
      return;
    }
  show_values (self);
  ask (self);
}

static void
raqam_explore_directions_dispose (GObject *object)
{
  RaqamExploreDirections *self = RAQAM_EXPLORE_DIRECTIONS (object);

  g_clear_pointer (&self->finder, raqam_directions_finder_free);

  G_OBJECT_CLASS (raqam_explore_directions_parent_class)->dispose (object);
}

static void
raqam_explore_directions_finalize (GObject *object)
{
  RaqamExploreDirections *self = RAQAM_EXPLORE_DIRECTIONS (object);

  raqam_directions_book_free (self->book);
  g_ptr_array_unref (self->widgets);
  g_array_unref (self->lines);

  G_OBJECT_CLASS (raqam_explore_directions_parent_class)->finalize (object);
}

static void
raqam_explore_directions_class_init (RaqamExploreDirectionsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  RaqamExplorePanelClass *panel_class = RAQAM_EXPLORE_PANEL_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = raqam_explore_directions_dispose;
  G_OBJECT_CLASS (klass)->finalize = raqam_explore_directions_finalize;
  panel_class->start = raqam_explore_directions_start;
  panel_class->model_changed = raqam_explore_directions_model_changed;
  panel_class->changed = raqam_explore_directions_changed;

  gtk_widget_class_set_template_from_resource (widget_class, RAQAM_UI ("explore-directions"));
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreDirections, heading);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreDirections, zero_button);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreDirections, rows);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreDirections, waiting);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreDirections, spinner);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreDirections, waiting_label);
  gtk_widget_class_bind_template_child (widget_class, RaqamExploreDirections, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, zero_cb);
}

static void
raqam_explore_directions_init (RaqamExploreDirections *self)
{
  self->book = raqam_directions_book_new ();
  self->widgets = g_ptr_array_new ();
  self->lines = g_array_new (FALSE, FALSE, sizeof (Line));
  self->digit = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
}
