/* draw-pad.c — a field of 28 × 28 to draw a digit on.
 * SPDX-License-Identifier: MIT */

#include "app/draw-pad.h"

#include "app/draw-raster.h"
#include "print/format.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define CELLS RAQAM_FIT_SIDE
#define CELL (RAQAM_RASTER_SIDE / CELLS) /* pixels of the raster */
#define MIN_SIDE 168
#define NATURAL_SIDE 308
#define MAX_UNDO 100

struct _RaqamDrawPad
{
  GtkWidget parent_instance;

  guint8     *ink;     /* (RAQAM_RASTER_SIDE, RAQAM_RASTER_SIDE) */
  GdkTexture *texture; /* of it; NULL where it is to be made */
  GPtrArray  *past;    /* of GBytes: earlier inks, the latest last */
  double      brush;
  gboolean    erasing;
  int         cursor_x, cursor_y;

  /* The stroke in hand. */
  gboolean         drawing;
  gboolean         erases;
  double           begin_x, begin_y; /* in the widget */
  RaqamRasterPoint last, middle;     /* the last place, and the one up to which it is drawn */
};

enum
{
  PROP_BRUSH = 1,
  PROP_ERASING,
  PROP_CAN_UNDO,
  PROP_IS_EMPTY,
  N_PROPS
};

enum
{
  DRAWN,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RaqamDrawPad, raqam_draw_pad, GTK_TYPE_WIDGET)

static void
describe (RaqamDrawPad *self)
{
  g_autofree char *share = raqam_format_number (100 * raqam_raster_share (self->ink), 0);
  g_autofree char *column = raqam_format_integer (self->cursor_x + 1);
  g_autofree char *row = raqam_format_integer (self->cursor_y + 1);
  /* Translators: a percentage without its sign, and the place of a cursor on the field */
  g_autofree char *text
    = g_strdup_printf (_("Ink covers %s percent; the cursor is at column %s, row %s. Arrow keys move "
                         "it, with Shift they draw; Space draws a dot, Delete erases one."),
                       share, column, row);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

static void
ink_changed (RaqamDrawPad *self)
{
  g_clear_object (&self->texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The drawing has changed for good. */
static void
finished (RaqamDrawPad *self)
{
  ink_changed (self);
  describe (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_UNDO]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IS_EMPTY]);
  g_signal_emit (self, signals[DRAWN], 0);
}

static void
remember (RaqamDrawPad *self)
{
  if (self->past->len >= MAX_UNDO)
    g_ptr_array_remove_index (self->past, 0);
  g_ptr_array_add (self->past, g_bytes_new (self->ink, RAQAM_RASTER_SIZE));
}

static gboolean
is_empty (RaqamDrawPad *self)
{
  return raqam_raster_share (self->ink) == 0;
}

void
raqam_draw_pad_undo (RaqamDrawPad *self)
{
  g_return_if_fail (RAQAM_IS_DRAW_PAD (self));

  if (self->past->len == 0)
    return;
  memcpy (self->ink, g_bytes_get_data (g_ptr_array_index (self->past, self->past->len - 1), NULL),
          RAQAM_RASTER_SIZE);
  g_ptr_array_set_size (self->past, (int) self->past->len - 1);
  finished (self);
}

void
raqam_draw_pad_clear (RaqamDrawPad *self)
{
  g_return_if_fail (RAQAM_IS_DRAW_PAD (self));

  if (is_empty (self))
    return;
  remember (self);
  memset (self->ink, 0, RAQAM_RASTER_SIZE);
  finished (self);
}

RaqamSketch *
raqam_draw_pad_get_sketch (RaqamDrawPad *self)
{
  g_return_val_if_fail (RAQAM_IS_DRAW_PAD (self), NULL);

  return raqam_sketch_new (self->ink, RAQAM_RASTER_SIDE, RAQAM_RASTER_SIDE);
}

/* Small pictures are enlarged by whole pixels, so that they fill the field. */
void
raqam_draw_pad_set_sketch (RaqamDrawPad *self, const RaqamSketch *sketch)
{
  int longer = MAX (sketch->width, sketch->height);
  double scale = (double) RAQAM_RASTER_SIDE / longer;
  int width = (int) (sketch->width * scale), height = (int) (sketch->height * scale);
  int left = (RAQAM_RASTER_SIDE - width) / 2, top = (RAQAM_RASTER_SIDE - height) / 2;

  g_return_if_fail (RAQAM_IS_DRAW_PAD (self));

  remember (self);
  memset (self->ink, 0, RAQAM_RASTER_SIZE);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      self->ink[(top + y) * RAQAM_RASTER_SIDE + left + x]
        = sketch->ink[MIN ((int) (y / scale), sketch->height - 1) * sketch->width
                      + MIN ((int) (x / scale), sketch->width - 1)];
  finished (self);
}

/* The square in the middle on which the field is shown. */
static graphene_rect_t
field_of (RaqamDrawPad *self)
{
  float width = gtk_widget_get_width (GTK_WIDGET (self));
  float height = gtk_widget_get_height (GTK_WIDGET (self));
  float side = MIN (width, height);

  return GRAPHENE_RECT_INIT ((width - side) / 2, (height - side) / 2, side, side);
}

static RaqamRasterPoint
place (RaqamDrawPad *self, double x, double y)
{
  graphene_rect_t field = field_of (self);
  double scale = RAQAM_RASTER_SIDE / MAX (field.size.width, 1);

  return (RaqamRasterPoint){ (x - field.origin.x) * scale, (y - field.origin.y) * scale };
}

static gboolean
is_eraser (GtkGesture *gesture)
{
  GdkEvent *event = gtk_gesture_get_last_event (gesture, gtk_gesture_get_last_updated_sequence (gesture));
  GdkDeviceTool *tool = event != NULL ? gdk_event_get_device_tool (event) : NULL;

  return gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture)) == GDK_BUTTON_SECONDARY
         || (tool != NULL && gdk_device_tool_get_tool_type (tool) == GDK_DEVICE_TOOL_TYPE_ERASER);
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, RaqamDrawPad *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  remember (self);
  self->drawing = TRUE;
  self->erases = self->erasing || is_eraser (GTK_GESTURE (gesture));
  self->begin_x = x;
  self->begin_y = y;
  self->last = self->middle = place (self, x, y);
  raqam_raster_line (self->ink, self->last, self->last, self->brush * CELL, self->erases);
  ink_changed (self);
}

/* Curves from middle to middle: few places of a quick hand make no corners. */
static void
drag_update_cb (GtkGestureDrag *gesture, double x, double y, RaqamDrawPad *self)
{
  RaqamRasterPoint next = place (self, self->begin_x + x, self->begin_y + y);
  RaqamRasterPoint middle = { (self->last.x + next.x) / 2, (self->last.y + next.y) / 2 };

  raqam_raster_curve (self->ink, self->middle, self->last, middle, self->brush * CELL, self->erases);
  self->last = next;
  self->middle = middle;
  ink_changed (self);
}

static void
drag_end_cb (GtkGestureDrag *gesture, double x, double y, RaqamDrawPad *self)
{
  if (!self->drawing)
    return;
  self->drawing = FALSE;
  raqam_raster_line (self->ink, self->middle, self->last, self->brush * CELL, self->erases);
  finished (self);
}

/* The end of the gesture comes after it. */
static void
cancel_cb (GtkGesture *gesture, GdkEventSequence *sequence, RaqamDrawPad *self)
{
  if (!self->drawing)
    return;
  self->drawing = FALSE;
  raqam_draw_pad_undo (self);
}

static RaqamRasterPoint
cursor_place (RaqamDrawPad *self)
{
  return (RaqamRasterPoint){ (self->cursor_x + 0.5) * CELL, (self->cursor_y + 0.5) * CELL };
}

static void
stroke_from (RaqamDrawPad *self, RaqamRasterPoint from, gboolean erase)
{
  remember (self);
  raqam_raster_line (self->ink, from, cursor_place (self), self->brush * CELL, erase);
  finished (self);
}

static gboolean
move_cursor (RaqamDrawPad *self, guint key, gboolean draws)
{
  RaqamRasterPoint from = cursor_place (self);
  int dx = key == GDK_KEY_Left || key == GDK_KEY_KP_Left     ? -1
           : key == GDK_KEY_Right || key == GDK_KEY_KP_Right ? 1
                                                             : 0;
  int dy = key == GDK_KEY_Up || key == GDK_KEY_KP_Up       ? -1
           : key == GDK_KEY_Down || key == GDK_KEY_KP_Down ? 1
                                                           : 0;

  if (dx == 0 && dy == 0)
    return FALSE;
  self->cursor_x = CLAMP (self->cursor_x + dx, 0, CELLS - 1);
  self->cursor_y = CLAMP (self->cursor_y + dy, 0, CELLS - 1);
  if (draws)
    stroke_from (self, from, self->erasing);
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return TRUE;
}

static gboolean
key_pressed_cb (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state,
                RaqamDrawPad *self)
{
  gboolean control = (state & GDK_CONTROL_MASK) != 0;

  if (control && (key == GDK_KEY_z || key == GDK_KEY_Z) && self->past->len > 0)
    raqam_draw_pad_undo (self);
  else if (!control && (key == GDK_KEY_space || key == GDK_KEY_KP_Space))
    stroke_from (self, cursor_place (self), self->erasing);
  else if (!control && (key == GDK_KEY_Delete || key == GDK_KEY_KP_Delete || key == GDK_KEY_BackSpace))
    stroke_from (self, cursor_place (self), TRUE);
  else if (control || !move_cursor (self, key, (state & GDK_SHIFT_MASK) != 0))
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static GdkTexture *
make_texture (RaqamDrawPad *self)
{
  guint32 *pixels = g_new (guint32, RAQAM_RASTER_SIZE);
  g_autoptr (GBytes) bytes = NULL;

  for (int i = 0; i < RAQAM_RASTER_SIZE; i++)
    pixels[i] = (guint32) self->ink[i] << 24; /* black, premultiplied */
  bytes = g_bytes_new_take (pixels, sizeof (guint32) * RAQAM_RASTER_SIZE);
  return gdk_memory_texture_new (RAQAM_RASTER_SIDE, RAQAM_RASTER_SIDE, GDK_MEMORY_DEFAULT, bytes,
                                 sizeof (guint32) * RAQAM_RASTER_SIDE);
}

static void
append_grid (GtkSnapshot *snapshot, const graphene_rect_t *field)
{
  const GdkRGBA faint = { 0, 0, 0, 0.07f };
  float step = field->size.width / CELLS;

  for (int i = 1; i < CELLS; i++)
    {
      gtk_snapshot_append_color (snapshot, &faint,
                                 &GRAPHENE_RECT_INIT (field->origin.x + i * step - 0.5f,
                                                      field->origin.y, 1, field->size.height));
      gtk_snapshot_append_color (snapshot, &faint,
                                 &GRAPHENE_RECT_INIT (field->origin.x,
                                                      field->origin.y + i * step - 0.5f,
                                                      field->size.width, 1));
    }
}

static void
append_cursor (GtkSnapshot *snapshot, const graphene_rect_t *field, RaqamDrawPad *self)
{
  const GdkRGBA colour = { 0.21f, 0.52f, 0.89f, 1 };
  const GdkRGBA colours[4] = { colour, colour, colour, colour };
  const float widths[4] = { 2, 2, 2, 2 };
  float step = field->size.width / CELLS;
  graphene_rect_t cell = GRAPHENE_RECT_INIT (field->origin.x + self->cursor_x * step - 2,
                                             field->origin.y + self->cursor_y * step - 2, step + 4,
                                             step + 4);
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &cell, 3);
  gtk_snapshot_append_border (snapshot, &outline, widths, colours);
}

static void
raqam_draw_pad_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RaqamDrawPad *self = RAQAM_DRAW_PAD (widget);
  const GdkRGBA paper = { 1, 1, 1, 1 };
  const GdkRGBA edge = { 0, 0, 0, 0.25f };
  const GdkRGBA edges[4] = { edge, edge, edge, edge };
  const float widths[4] = { 1, 1, 1, 1 };
  graphene_rect_t field = field_of (self);
  GskRoundedRect rounded;

  if (self->texture == NULL)
    self->texture = make_texture (self);
  gsk_rounded_rect_init_from_rect (&rounded, &field, 12);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, &paper, &field);
  append_grid (snapshot, &field);
  gtk_snapshot_append_texture (snapshot, self->texture, &field);
  gtk_snapshot_append_border (snapshot, &rounded, widths, edges);
  if (gtk_widget_has_visible_focus (widget))
    append_cursor (snapshot, &field, self);
  gtk_snapshot_pop (snapshot);
}

static void
raqam_draw_pad_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = MIN_SIDE;
  *natural = orientation == GTK_ORIENTATION_VERTICAL && for_size > 0
               ? CLAMP (for_size, MIN_SIDE, NATURAL_SIDE)
               : NATURAL_SIDE;
}

static GtkSizeRequestMode
raqam_draw_pad_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
raqam_draw_pad_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  RaqamDrawPad *self = RAQAM_DRAW_PAD (object);

  if (prop_id == PROP_BRUSH && self->brush != g_value_get_double (value))
    self->brush = g_value_get_double (value);
  else if (prop_id == PROP_ERASING && self->erasing != g_value_get_boolean (value))
    self->erasing = g_value_get_boolean (value);
  else
    return;
  g_object_notify_by_pspec (object, pspec);
}

static void
raqam_draw_pad_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RaqamDrawPad *self = RAQAM_DRAW_PAD (object);

  switch (prop_id)
    {
    case PROP_BRUSH:
      g_value_set_double (value, self->brush);
      break;
    case PROP_ERASING:
      g_value_set_boolean (value, self->erasing);
      break;
    case PROP_CAN_UNDO:
      g_value_set_boolean (value, self->past->len > 0);
      break;
    case PROP_IS_EMPTY:
      g_value_set_boolean (value, is_empty (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
raqam_draw_pad_finalize (GObject *object)
{
  RaqamDrawPad *self = RAQAM_DRAW_PAD (object);

  g_clear_object (&self->texture);
  g_ptr_array_unref (self->past);
  g_free (self->ink);

  G_OBJECT_CLASS (raqam_draw_pad_parent_class)->finalize (object);
}

static void
raqam_draw_pad_class_init (RaqamDrawPadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags shown = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GParamFlags set = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = raqam_draw_pad_set_property;
  object_class->get_property = raqam_draw_pad_get_property;
  object_class->finalize = raqam_draw_pad_finalize;
  widget_class->measure = raqam_draw_pad_measure;
  widget_class->get_request_mode = raqam_draw_pad_get_request_mode;
  widget_class->snapshot = raqam_draw_pad_snapshot;

  props[PROP_BRUSH] = g_param_spec_double ("brush", NULL, NULL, 1, 8, 3, set);
  props[PROP_ERASING] = g_param_spec_boolean ("erasing", NULL, NULL, FALSE, set);
  props[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, shown);
  props[PROP_IS_EMPTY] = g_param_spec_boolean ("is-empty", NULL, NULL, TRUE, shown);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[DRAWN] = g_signal_new ("drawn", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "drawpad");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
raqam_draw_pad_init (RaqamDrawPad *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->ink = g_malloc0 (RAQAM_RASTER_SIZE);
  self->past = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->brush = 3;
  self->cursor_x = self->cursor_y = CELLS / 2;

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "crosshair");
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect (drag, "cancel", G_CALLBACK (cancel_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Drawing field"), -1);
  describe (self);
}

GtkWidget *
raqam_draw_pad_new (void)
{
  return g_object_new (RAQAM_TYPE_DRAW_PAD, NULL);
}
