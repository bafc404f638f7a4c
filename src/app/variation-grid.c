/* variation-grid.c — a picture in the middle of its neighbours, to pick one of them.
 * SPDX-License-Identifier: MIT */

#include "app/variation-grid.h"

#include "app/ink-large.h"
#include "engine/recipe.h"
#include "print/format.h"

#include <glib/gi18n.h>
#include <string.h>

#define SIDE RAQAM_VARIATION_SIDE
#define CELLS RAQAM_VARIATION_CELLS
#define MIDDLE RAQAM_VARIATION_MIDDLE
#define GAP 6
#define RADIUS 8
#define FRAME 3 /* width of the frame around the middle */
#define MIN_CELL 40
#define NATURAL_CELL 100

struct _RaqamVariationGrid
{
  GtkWidget parent_instance;

  GtkWidget     *buttons[CELLS]; /* none in the middle */
  int            current;        /* the one that Tab leads to */
  RaqamInkLarge *large;
  GBytes        *pixels;          /* or NULL */
  GdkTexture    *textures[CELLS]; /* of pixels at the present size, or NULL */
  int            side;            /* of a texture */
};

enum
{
  PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamVariationGrid, raqam_variation_grid, GTK_TYPE_WIDGET)

static const guint8 *
cell_pixels (GBytes *pixels, int cell)
{
  return (const guint8 *) g_bytes_get_data (pixels, NULL) + cell * RAQAM_IMAGE_SIZE;
}

static void
make_texture (RaqamVariationGrid *self, int cell)
{
  g_clear_object (&self->textures[cell]);
  if (self->pixels != NULL && self->side > 0)
    self->textures[cell]
      = raqam_ink_large_texture (self->large, cell_pixels (self->pixels, cell), self->side, FALSE);
}

void
raqam_variation_grid_set_pixels (RaqamVariationGrid *self, GBytes *pixels)
{
  g_autoptr (GBytes) before = NULL;

  g_return_if_fail (RAQAM_IS_VARIATION_GRID (self));
  g_return_if_fail (g_bytes_get_size (pixels) == CELLS * RAQAM_IMAGE_SIZE);

  before = self->pixels;
  self->pixels = g_bytes_ref (pixels);
  for (int i = 0; i < CELLS; i++)
    if (before == NULL
        || memcmp (cell_pixels (before, i), cell_pixels (pixels, i), RAQAM_IMAGE_SIZE) != 0)
      make_texture (self, i);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static int
cell_side (int width)
{
  return MAX ((width - (SIDE - 1) * GAP) / SIDE, 1);
}

static graphene_rect_t
find_cell (RaqamVariationGrid *self, int cell)
{
  GtkWidget *widget = GTK_WIDGET (self);
  int side = cell_side (MIN (gtk_widget_get_width (widget), gtk_widget_get_height (widget)));
  int left = (gtk_widget_get_width (widget) - SIDE * side - (SIDE - 1) * GAP) / 2;
  int column = cell % SIDE;

  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    column = SIDE - 1 - column;
  return GRAPHENE_RECT_INIT (left + column * (side + GAP), cell / SIDE * (side + GAP), side, side);
}

static void
fit_textures (RaqamVariationGrid *self)
{
  graphene_rect_t cell = find_cell (self, 0);
  int side = (int) cell.size.width * gtk_widget_get_scale_factor (GTK_WIDGET (self));

  if (self->side == side)
    return;
  self->side = side;
  for (int i = 0; i < CELLS; i++)
    make_texture (self, i);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
clicked_cb (GtkButton *button, RaqamVariationGrid *self)
{
  for (guint i = 0; i < CELLS; i++)
    if (self->buttons[i] == GTK_WIDGET (button))
      g_signal_emit (self, signals[PICKED], 0, i);
}

/* From @cell by so many columns and rows, over the middle; @cell itself at the edge. */
static int
move_from (int cell, int columns, int rows)
{
  int column = cell % SIDE, row = cell / SIDE;

  do
    {
      column += columns;
      row += rows;
      if (column < 0 || column >= SIDE || row < 0 || row >= SIDE)
        return cell;
    }
  while (row * SIDE + column == MIDDLE);
  return row * SIDE + column;
}

static gboolean
key_pressed_cb (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state,
                RaqamVariationGrid *self)
{
  int forward = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL ? -1 : 1;
  int target;

  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  if (key == GDK_KEY_Left || key == GDK_KEY_KP_Left)
    target = move_from (self->current, -forward, 0);
  else if (key == GDK_KEY_Right || key == GDK_KEY_KP_Right)
    target = move_from (self->current, forward, 0);
  else if (key == GDK_KEY_Up || key == GDK_KEY_KP_Up)
    target = move_from (self->current, 0, -1);
  else if (key == GDK_KEY_Down || key == GDK_KEY_KP_Down)
    target = move_from (self->current, 0, 1);
  else if (key == GDK_KEY_Home || key == GDK_KEY_KP_Home)
    target = 0;
  else if (key == GDK_KEY_End || key == GDK_KEY_KP_End)
    target = CELLS - 1;
  else
    return GDK_EVENT_PROPAGATE;
  gtk_window_set_focus_visible (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), TRUE);
  gtk_widget_grab_focus (self->buttons[target]);
  return GDK_EVENT_STOP;
}

static void
raqam_variation_grid_set_focus_child (GtkWidget *widget, GtkWidget *child)
{
  RaqamVariationGrid *self = RAQAM_VARIATION_GRID (widget);

  GTK_WIDGET_CLASS (raqam_variation_grid_parent_class)->set_focus_child (widget, child);
  for (int i = 0; i < CELLS; i++)
    if (child != NULL && self->buttons[i] == child)
      self->current = i;
}

static gboolean
raqam_variation_grid_focus (GtkWidget *widget, GtkDirectionType direction)
{
  return gtk_widget_get_focus_child (widget) == NULL
         && gtk_widget_grab_focus (
           RAQAM_VARIATION_GRID (widget)->buttons[RAQAM_VARIATION_GRID (widget)->current]);
}

static void
snapshot_border (GtkSnapshot *snapshot, const GskRoundedRect *outline, float width,
                 const GdkRGBA *colour)
{
  gtk_snapshot_append_border (snapshot, outline, (const float[]) { width, width, width, width },
                              (const GdkRGBA[]) { *colour, *colour, *colour, *colour });
}

static void
raqam_variation_grid_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RaqamVariationGrid *self = RAQAM_VARIATION_GRID (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  const GdkRGBA paper = { 1, 1, 1, 1 }, hairline = { 0, 0, 0, 0.15f };
  GdkRGBA frame;

  if (!gtk_style_context_lookup_color (style, "accent_color", &frame))
    gtk_style_context_get_color (style, &frame);
  for (int i = 0; i < CELLS; i++)
    {
      graphene_rect_t cell = find_cell (self, i);
      GskRoundedRect rounded;

      gsk_rounded_rect_init_from_rect (&rounded, &cell, RADIUS);
      gtk_snapshot_push_rounded_clip (snapshot, &rounded);
      gtk_snapshot_append_color (snapshot, &paper, &cell);
      if (self->textures[i] != NULL)
        gtk_snapshot_append_texture (snapshot, self->textures[i], &cell);
      gtk_snapshot_pop (snapshot);
      snapshot_border (snapshot, &rounded, i == MIDDLE ? FRAME : 1, i == MIDDLE ? &frame : &hairline);
      if (i != MIDDLE)
        gtk_widget_snapshot_child (widget, self->buttons[i], snapshot);
    }
}

static void
raqam_variation_grid_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                              int *minimum, int *natural, int *minimum_baseline,
                              int *natural_baseline)
{
  int side = NATURAL_CELL;

  *natural = SIDE * side + (SIDE - 1) * GAP;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    side = MIN_CELL;
  else if (for_size >= 0)
    side = MIN (cell_side (for_size), NATURAL_CELL);
  *minimum = SIDE * side + (SIDE - 1) * GAP;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? *natural : *minimum;
}

static void
raqam_variation_grid_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  RaqamVariationGrid *self = RAQAM_VARIATION_GRID (widget);

  for (int i = 0; i < CELLS; i++)
    if (self->buttons[i] != NULL)
      {
        graphene_rect_t cell = find_cell (self, i);

        gtk_widget_size_allocate (self->buttons[i],
                                  &(GtkAllocation) { (int) cell.origin.x, (int) cell.origin.y,
                                                     (int) cell.size.width,
                                                     (int) cell.size.height },
                                  -1);
      }
  fit_textures (self);
}

static GtkSizeRequestMode
raqam_variation_grid_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
raqam_variation_grid_dispose (GObject *object)
{
  RaqamVariationGrid *self = RAQAM_VARIATION_GRID (object);

  for (int i = 0; i < CELLS; i++)
    {
      g_clear_pointer (&self->buttons[i], gtk_widget_unparent);
      g_clear_object (&self->textures[i]);
    }
  g_clear_pointer (&self->pixels, g_bytes_unref);

  G_OBJECT_CLASS (raqam_variation_grid_parent_class)->dispose (object);
}

static void
raqam_variation_grid_finalize (GObject *object)
{
  raqam_ink_large_free (RAQAM_VARIATION_GRID (object)->large);

  G_OBJECT_CLASS (raqam_variation_grid_parent_class)->finalize (object);
}

static void
raqam_variation_grid_class_init (RaqamVariationGridClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = raqam_variation_grid_dispose;
  object_class->finalize = raqam_variation_grid_finalize;
  widget_class->focus = raqam_variation_grid_focus;
  widget_class->get_request_mode = raqam_variation_grid_get_request_mode;
  widget_class->measure = raqam_variation_grid_measure;
  widget_class->set_focus_child = raqam_variation_grid_set_focus_child;
  widget_class->size_allocate = raqam_variation_grid_size_allocate;
  widget_class->snapshot = raqam_variation_grid_snapshot;

  signals[PICKED] = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  gtk_widget_class_set_css_name (widget_class, "variationgrid");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
add_button (RaqamVariationGrid *self, int cell)
{
  g_autofree char *number = raqam_format_integer (cell < MIDDLE ? cell + 1 : cell);
  g_autofree char *name = g_strdup_printf (_("Variation %s"), number);

  self->buttons[cell] = gtk_button_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->buttons[cell]),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect (self->buttons[cell], "clicked", G_CALLBACK (clicked_cb), self);
  gtk_widget_set_parent (self->buttons[cell], GTK_WIDGET (self));
}

static void
raqam_variation_grid_init (RaqamVariationGrid *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->large = raqam_ink_large_new ();
  for (int i = 0; i < CELLS; i++)
    if (i != MIDDLE)
      add_button (self, i);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Variations"), -1);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (fit_textures), NULL);
}
