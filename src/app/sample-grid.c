/* sample-grid.c — generated digits in a grid: ten across, a style a row.
 * SPDX-License-Identifier: MIT */

#include "app/sample-grid.h"

#include "print/format.h"
#include "app/ink.h"
#include "engine/recipe.h"

#define PADDING 2
#define SCALE 2
#define MIN_CELL 22
#define DEFAULT_CELL 76
#define DEFAULT_ROWS 4
#define HEADER 26

struct _RaqamSampleGrid
{
  GtkWidget parent_instance;

  gboolean    show_header;
  int         max_cell;
  char       *label;
  GdkTexture *texture; /* the whole grid, or NULL */
  int         n_columns;
  int         n_rows;
};

enum
{
  PROP_SHOW_HEADER = 1,
  PROP_MAX_CELL,
  PROP_LABEL,
  PROP_ROWS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RaqamSampleGrid, raqam_sample_grid, GTK_TYPE_WIDGET)

void
raqam_sample_grid_set_pixels (RaqamSampleGrid *self, GBytes *pixels, int n_columns, int n_rows,
                              const char *description)
{
  gboolean reversed;

  g_return_if_fail (RAQAM_IS_SAMPLE_GRID (self));
  g_return_if_fail (pixels == NULL
                    || g_bytes_get_size (pixels) == (gsize) n_columns * n_rows * RAQAM_IMAGE_SIZE);

  g_clear_object (&self->texture);
  if (pixels != NULL)
    {
      reversed = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
      self->texture = raqam_ink_texture_new (g_bytes_get_data (pixels, NULL), n_columns, n_rows,
                                             PADDING, SCALE, reversed);
      if (self->n_rows != n_rows || self->n_columns != n_columns)
        gtk_widget_queue_resize (GTK_WIDGET (self));
      self->n_columns = n_columns;
      self->n_rows = n_rows;
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description != NULL ? description : "", -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static int
header_height (RaqamSampleGrid *self)
{
  return self->show_header ? HEADER : 0;
}

static void
snapshot_header (RaqamSampleGrid *self, GtkSnapshot *snapshot, double left, double cell)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean reversed = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  for (int c = 0; c < self->n_columns; c++)
    {
      int place = reversed ? self->n_columns - 1 - c : c;
      g_autoptr (PangoLayout) layout
        = gtk_widget_create_pango_layout (widget, raqam_format_persian_digit (c % 10));
      int width, height;

      pango_layout_get_pixel_size (layout, &width, &height);
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot,
                              &GRAPHENE_POINT_INIT (left + (place + 0.5) * cell - width / 2.0,
                                                    (HEADER - 4 - height) / 2.0));
      gtk_snapshot_append_layout (snapshot, layout, &colour);
      gtk_snapshot_restore (snapshot);
    }
}

static void
raqam_sample_grid_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RaqamSampleGrid *self = RAQAM_SAMPLE_GRID (widget);
  const GdkRGBA paper = { 1, 1, 1, 1 };
  double header = header_height (self);
  double cell = MIN ((double) gtk_widget_get_width (widget) / self->n_columns,
                     (gtk_widget_get_height (widget) - header) / self->n_rows);
  graphene_rect_t field;
  GskRoundedRect rounded;

  cell = MIN (cell, self->max_cell);
  field = GRAPHENE_RECT_INIT ((gtk_widget_get_width (widget) - cell * self->n_columns) / 2, header,
                              cell * self->n_columns, cell * self->n_rows);
  if (self->show_header)
    snapshot_header (self, snapshot, field.origin.x, cell);

  gsk_rounded_rect_init_from_rect (&rounded, &field, 8);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, &paper, &field);
  if (self->texture != NULL)
    gtk_snapshot_append_texture (snapshot, self->texture, &field);
  gtk_snapshot_pop (snapshot);
}

static void
raqam_sample_grid_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                           int *minimum, int *natural, int *minimum_baseline,
                           int *natural_baseline)
{
  RaqamSampleGrid *self = RAQAM_SAMPLE_GRID (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MIN_CELL * self->n_columns;
      *natural = self->max_cell * self->n_columns;
    }
  else
    {
      *minimum = header_height (self) + MIN_CELL * self->n_rows;
      *natural = header_height (self) + self->max_cell * self->n_rows;
      if (for_size > 0)
        *natural = header_height (self)
                   + MIN (for_size / self->n_columns, self->max_cell) * self->n_rows;
      *natural = MAX (*natural, *minimum);
    }
}

static GtkSizeRequestMode
raqam_sample_grid_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
raqam_sample_grid_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  RaqamSampleGrid *self = RAQAM_SAMPLE_GRID (object);

  switch (id)
    {
    case PROP_SHOW_HEADER:
      self->show_header = g_value_get_boolean (value);
      break;
    case PROP_MAX_CELL:
      self->max_cell = g_value_get_int (value);
      break;
    case PROP_ROWS:
      self->n_rows = g_value_get_int (value);
      break;
    case PROP_LABEL:
      self->label = g_value_dup_string (value);
      if (self->label != NULL)
        gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                        self->label, -1);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
raqam_sample_grid_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RaqamSampleGrid *self = RAQAM_SAMPLE_GRID (object);

  switch (id)
    {
    case PROP_SHOW_HEADER:
      g_value_set_boolean (value, self->show_header);
      break;
    case PROP_MAX_CELL:
      g_value_set_int (value, self->max_cell);
      break;
    case PROP_ROWS:
      g_value_set_int (value, self->n_rows);
      break;
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
raqam_sample_grid_finalize (GObject *object)
{
  RaqamSampleGrid *self = RAQAM_SAMPLE_GRID (object);

  g_clear_object (&self->texture);
  g_free (self->label);

  G_OBJECT_CLASS (raqam_sample_grid_parent_class)->finalize (object);
}

static void
raqam_sample_grid_class_init (RaqamSampleGridClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = raqam_sample_grid_finalize;
  object_class->get_property = raqam_sample_grid_get_property;
  object_class->set_property = raqam_sample_grid_set_property;
  widget_class->get_request_mode = raqam_sample_grid_get_request_mode;
  widget_class->measure = raqam_sample_grid_measure;
  widget_class->snapshot = raqam_sample_grid_snapshot;

  props[PROP_SHOW_HEADER] = g_param_spec_boolean ("show-header", NULL, NULL, TRUE, flags);
  props[PROP_MAX_CELL]
    = g_param_spec_int ("max-cell", NULL, NULL, MIN_CELL, 512, DEFAULT_CELL, flags);
  props[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  props[PROP_ROWS] = g_param_spec_int ("rows", NULL, NULL, 1, 100, DEFAULT_ROWS, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_css_name (widget_class, "samplegrid");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
raqam_sample_grid_init (RaqamSampleGrid *self)
{
  self->n_columns = RAQAM_N_DIGITS;
}
